package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.extension.authn.oidc.provider.IdTokenCheck;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.oidc.provider.Provider;
import dev.sallyport.extension.authn.oidc.provider.ProviderKeys;
import dev.sallyport.extension.authn.server.ClientProof;
import dev.sallyport.extension.authn.session.EndedSessions;
import dev.sallyport.extension.authn.session.SealingKeys;
import dev.sallyport.extension.authn.session.SessionReader;
import dev.sallyport.extension.authn.session.Sessions;
import dev.sallyport.remote.Fetcher;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Makes authenticators of kind `oidc`.
@OffLoop("control threads")
public final class OidcFactory implements PluginFactory<OidcConfig, Authenticator> {
    private static final int LARGEST_ANSWER = 256 * 1024;
    private static final Duration LOGIN_KEPT = Duration.ofMinutes(10);

    private final EventLog log;

    /// @param log told of logins that fail and sessions that end
    public OidcFactory(EventLog log) {
        this.log = log;
    }

    @Override
    public String kind() {
        return OidcLogin.KIND;
    }

    @Override
    public Class<OidcConfig> configType() {
        return OidcConfig.class;
    }

    @Override
    public Class<Authenticator> pluginType() {
        return Authenticator.class;
    }

    @Override
    public Authenticator create(OidcConfig config, PluginContext context) throws PluginException {
        String problem = issuerProblem(config.issuer());
        if (problem != null) {
            throw new PluginException("issuer", problem);
        }
        if (config.tls() != null && !config.issuer().startsWith("https:")) {
            throw new PluginException("tls", "given for " + config.issuer() + " (expected: an https issuer)");
        }
        if (ReturnPath.parse(config.afterLogout()) == null) {
            throw new PluginException("after-logout", config.afterLogout() + " (expected: a path, such as /)");
        }
        if (config.session().idle().compareTo(config.session().absolute()) > 0) {
            throw new PluginException("session.idle", "longer than `absolute` (expected: at most as long)");
        }
        return make(config, context.name(), context.services());
    }

    private static ClientProof client(OidcConfig config, InstantSource clock) throws PluginException {
        OidcConfig.Client client = config.client();
        if (client.secret() != null) {
            boolean inForm = client.auth() == OidcConfig.SecretPlace.POST;
            return ClientProof.bySecret(client.id(), client.secret(), inForm, clock);
        }
        if (client.key() != null) {
            String audience = client.audience() == null ? config.issuer() : client.audience();
            return ClientProof.byKey(client.id(), client.key(), client.keyId(), audience, clock);
        }
        return ClientProof.byName(client.id(), clock);
    }

    private static @Nullable Decryption decryption(OidcConfig.@Nullable Decrypt decrypt) throws PluginException {
        if (decrypt == null) {
            return null;
        }
        try {
            return Decryption.of(
                    Files.readAllBytes(decrypt.keys()), decrypt.keys().toString());
        } catch (IOException | IllegalArgumentException e) {
            throw new PluginException("decrypt.keys", decrypt.keys() + ": " + e.getMessage());
        }
    }

    private static @Nullable String issuerProblem(String issuer) {
        try {
            URI url = URI.create(issuer);
            String problem = Fetcher.problem(url);
            return problem == null && url.getRawQuery() != null ? issuer + " (expected: a URL without query)" : problem;
        } catch (IllegalArgumentException e) {
            return issuer + " (expected: an absolute https URL)";
        }
    }

    private Authenticator make(OidcConfig config, String name, Services services) throws PluginException {
        SSLContext tls = RemoteTls.context(config.tls(), "tls", services.clock().instant());
        Decryption decryption = decryption(config.decrypt());
        Fetcher fetcher = new Fetcher(config.timeout(), LARGEST_ANSWER, tls);
        Provider provider = new Provider(config, fetcher, client(config, services.clock()), services.clock());
        ProviderKeys keys = new ProviderKeys(config.issuer(), provider, fetcher, services.clock());
        IdTokenCheck check = new IdTokenCheck(config, keys, decryption, services.clock());
        Identity identity = new Identity(config, name);
        Paths paths = Paths.of(name);
        Counts counts = new Counts(name);
        Cookies.Choice cookies = Cookies.Choice.of(name);

        String space = "oidc:" + name;
        // sessions of another provider or client are not this authenticator's, whatever its name
        String purpose = config.issuer() + " " + config.client().id();
        Path folder = services.folder().resolve("sessions");
        SealingKeys keysOfSessions = new SealingKeys(
                folder.resolve(name + ".keys"),
                services.state(),
                config.session().absolute(),
                services.clock(),
                "session " + purpose);
        SealingKeys keysOfLogins = new SealingKeys(
                folder.resolve(name + ".login-keys"),
                services.state(),
                LOGIN_KEPT,
                services.clock(),
                "login " + purpose);
        EndedSessions ended = new EndedSessions(
                services.state(), space + ":ended", config.session().absolute(), services.blocking(), services.clock());
        Sessions sessions = new Sessions(
                services.state(), space, config.session().absolute(), keysOfSessions, ended, services.clock());
        SessionReader<Principal> reader = new SessionReader<>(services.state(), space, keysOfSessions, identity::of);

        LoginStates states = new LoginStates(services.state(), space + ":login");
        Logins logins = new Logins(
                config,
                new Logins.Parts(paths, provider, check, states, keysOfLogins, identity),
                sessions,
                services.clock());
        Logouts logouts = new Logouts(
                config,
                new Logouts.Parts(paths, provider, check, (gone, why) -> gone.forEach(id -> tell(name, id, why))),
                sessions,
                services.state(),
                space + ":logout",
                services.clock());
        Refreshes refreshes = new Refreshes(
                new Refreshes.Parts(
                        provider, check, identity, (session, why) -> tell(name, session.publicId(), why), counts),
                sessions,
                services.state(),
                space + ":lock",
                services.blocking(),
                services.clock());
        Endpoints endpoints = new Endpoints(
                name, paths, cookies, logins, logouts, new Endpoints.Work(services.blocking(), log, counts));
        Background background = new Background(
                services,
                provider,
                fetcher,
                new OidcKeys(provider, keys, decryption, List.of(keysOfSessions, keysOfLogins)),
                ended,
                counts);
        return new OidcLogin(config, cookies, reader, endpoints, refreshes, background);
    }

    private void tell(String authenticator, String session, String why) {
        log.event(Event.SESSION_ENDED, "authenticator", authenticator, "session", session, "reason", why);
    }
}
