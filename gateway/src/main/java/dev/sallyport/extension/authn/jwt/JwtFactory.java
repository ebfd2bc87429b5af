package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.jose.source.ConfiguredKeys;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import dev.sallyport.extension.authn.sender.Senders;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/// Makes [Jwt] authenticators: reads key files and secrets, and finds what contradicts itself in their configuration.
@OffLoop("control threads that compile configurations")
public final class JwtFactory implements PluginFactory<JwtConfig, Authenticator> {
    private static final Duration LONGEST_SINGLE_USE = Duration.ofHours(23);

    private final EventLog log;
    private final VerificationPool pool;
    private final SendersOf senders;
    private final AtomicBoolean toldProvider = new AtomicBoolean();

    /// Who may show the tokens of one authenticator.
    interface SendersOf {
        Senders senders(JwtConfig config, PluginContext context);
    }

    /// @param pool shared by all authenticators
    public JwtFactory(EventLog log, VerificationPool pool) {
        this(log, pool, (config, context) -> Senders.of(config.boundTo(), config.dpop(), context.services(), pool));
    }

    JwtFactory(EventLog log, VerificationPool pool, SendersOf senders) {
        this.log = log;
        this.pool = pool;
        this.senders = senders;
    }

    @Override
    public String kind() {
        return "jwt";
    }

    @Override
    public Class<JwtConfig> configType() {
        return JwtConfig.class;
    }

    @Override
    public Class<Authenticator> pluginType() {
        return Authenticator.class;
    }

    @Override
    public Authenticator create(JwtConfig config, PluginContext context) throws PluginException {
        check(config);
        Set<Algorithm> algorithms = algorithms(config);
        JwtConfig.Decrypt decrypt = config.decrypt();
        JwtParts parts = new JwtParts(
                context.name(),
                new TokenRules(config),
                new JwtParts.Keys(
                        algorithms,
                        source(config, algorithms, context),
                        decrypt == null ? null : decryption(decrypt.keys())),
                senders.senders(config, context),
                new Callers(new PrincipalMapping(config.principal(), context.name())),
                new JwtParts.Shared(pool, context.services()));
        return new Jwt(parts, context.loops());
    }

    private static void check(JwtConfig config) throws PluginException {
        if (config.jwks() != null && config.secret() != null) {
            throw new PluginException("secret", "beside jwks (expected: one of them)");
        }
        if (config.issuer() == null && config.jwks() == null && config.secret() == null) {
            throw new PluginException("", "no keys (expected: issuer, jwks or secret)");
        }
        if (config.audience().isEmpty()) {
            throw new PluginException("audience", "none (expected: at least one)");
        }
        String type = config.tokenType();
        if ("at+jwt".equalsIgnoreCase(type) && config.issuer() == null) {
            throw new PluginException("issuer", "missing (expected: with token-type at+jwt, the issuer)");
        }
        if (config.tls() != null && !isAskedByTls(config)) {
            throw new PluginException("tls", "nothing is fetched by https (expected: with an https issuer or jwks)");
        }
        Duration lifetime = config.maxLifetime();
        boolean bounded = lifetime != null && lifetime.compareTo(LONGEST_SINGLE_USE) <= 0;
        if (config.replay().singleUse() && !bounded) {
            throw new PluginException(
                    "max-lifetime",
                    (lifetime == null ? "missing" : "too long") + " (expected: at most 23h with replay.single-use)");
        }
    }

    private static boolean isAskedByTls(JwtConfig config) {
        UrlOrFile jwks = config.jwks();
        String asked = jwks == null ? config.secret() == null ? config.issuer() : null : String.valueOf(jwks.url());
        return asked != null && asked.startsWith("https:");
    }

    private static Set<Algorithm> algorithms(JwtConfig config) throws PluginException {
        boolean secret = config.secret() != null;
        Set<Algorithm> chosen = EnumSet.noneOf(Algorithm.class);
        for (String word : config.algorithms()) {
            Algorithm algorithm = Objects.requireNonNull(Algorithm.of(word));
            if ((algorithm.family() == Algorithm.Family.SECRET) != secret) {
                throw new PluginException(
                        "algorithms",
                        word
                                + (secret
                                        ? " (expected: with a secret, HS256, HS384 or HS512)"
                                        : " (expected: with public keys, none of HS256, HS384 and HS512)"));
            }
            chosen.add(algorithm);
            if (algorithm.family() == Algorithm.Family.ED25519) {
                // two names of one thing
                chosen.addAll(Set.of(Algorithm.EDDSA, Algorithm.ED25519));
            }
        }
        if (!chosen.isEmpty()) {
            return chosen;
        }
        if (secret) {
            return EnumSet.of(Algorithm.HS256);
        }
        return EnumSet.complementOf(EnumSet.of(Algorithm.HS256, Algorithm.HS384, Algorithm.HS512));
    }

    private KeySource source(JwtConfig config, Set<Algorithm> algorithms, PluginContext context)
            throws PluginException {
        if (config.secret() != null) {
            byte[] secret = config.secret().reveal().getBytes(StandardCharsets.UTF_8);
            try {
                KeySet keys = new KeySet(List.of(VerificationKey.ofSecret(null, secret, algorithms)));
                return KeySource.fixed(keys, "configuration");
            } catch (IllegalArgumentException e) {
                throw new PluginException("secret", String.valueOf(e.getMessage()));
            }
        }
        SSLContext tls = RemoteTls.context(
                config.tls(), "tls", context.services().clock().instant());
        ConfiguredKeys keys = new ConfiguredKeys(config.refresh().settings(), provider(), tls, context, log);
        UrlOrFile jwks = config.jwks();
        return jwks != null ? keys.at("jwks", jwks) : keys.of("issuer", Objects.requireNonNull(config.issuer()));
    }

    private SignatureProvider provider() {
        SignatureProvider provider = SignatureProvider.fastest();
        if (toldProvider.compareAndSet(false, true)) {
            log.event(Event.VERIFICATION_BY, "provider", provider.name());
        }
        return provider;
    }

    private static Decryption decryption(Path file) throws PluginException {
        try {
            return Decryption.of(Files.readAllBytes(file), file.toString());
        } catch (IOException | IllegalArgumentException e) {
            throw new PluginException("decrypt.keys", file + ": " + e.getMessage());
        }
    }
}
