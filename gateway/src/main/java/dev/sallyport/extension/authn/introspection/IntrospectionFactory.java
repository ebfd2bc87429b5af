package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.jose.source.ConfiguredKeys;
import dev.sallyport.extension.authn.jose.source.RemoteKeys;
import dev.sallyport.extension.authn.sender.Senders;
import dev.sallyport.extension.authn.server.ClientProof;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import dev.sallyport.extension.authn.server.ServerWords;
import dev.sallyport.remote.Questions;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.EventLog;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Makes authenticators of `kind: introspection`.
@OffLoop("control threads that compile configurations")
public final class IntrospectionFactory implements PluginFactory<IntrospectionConfig, Authenticator> {
    private static final RemoteKeys.Settings KEYS =
            new RemoteKeys.Settings(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofHours(24));

    private final EventLog log;
    private final VerificationPool pool;
    private final LongSupplier nanos;

    /// @param log  where a server that fails is named
    /// @param pool shared by all authenticators
    public IntrospectionFactory(EventLog log, VerificationPool pool) {
        this(log, pool, System::nanoTime);
    }

    IntrospectionFactory(EventLog log, VerificationPool pool, LongSupplier nanos) {
        this.log = log;
        this.pool = pool;
        this.nanos = nanos;
    }

    @Override
    public String kind() {
        return "introspection";
    }

    @Override
    public Class<IntrospectionConfig> configType() {
        return IntrospectionConfig.class;
    }

    @Override
    public Class<Authenticator> pluginType() {
        return Authenticator.class;
    }

    @Override
    public Authenticator create(IntrospectionConfig config, PluginContext context) throws PluginException {
        Services services = context.services();
        SSLContext tls = RemoteTls.context(config.tls(), "tls", services.clock().instant());
        ServerEndpoint server = ServerEndpoint.of(
                config.endpoint(),
                ClientProof.of(config.client(), config.tls(), issuer(config), services.clock()),
                config.limits().timeout(),
                tls);
        Senders senders = Senders.of(config.boundTo(), config.dpop(), services, pool);
        TokenQuestion question = new TokenQuestion(
                server,
                new AnswerReader(config, context.name(), senders),
                services.clock(),
                signed(config, tls, context));
        Questions<Finding> questions = new Questions<>(
                context.name(), log, services.blocking(), nanos, config.limits().bounds(), ServerWords.WORDING);
        Introspection.Parts parts = new Introspection.Parts(question, questions, senders, services.clock(), nanos);
        return new Introspection(context.name(), config, parts, context.loops());
    }

    /// What the server calls itself, as far as it is known.
    private static String issuer(IntrospectionConfig config) {
        if (config.issuer() != null) {
            return config.issuer();
        }
        return config.signed() == null ? config.endpoint() : config.signed().issuer();
    }

    private @Nullable SignedAnswer signed(IntrospectionConfig config, @Nullable SSLContext tls, PluginContext context)
            throws PluginException {
        SignedConfig signed = config.signed();
        return signed == null
                ? null
                : new SignedAnswer(
                        signed.issuer(),
                        config.client().id(),
                        config.clockSkew().toSeconds(),
                        new ConfiguredKeys(KEYS, SignatureProvider.fastest(), tls, context, log)
                                .at("signed.jwks", signed.jwks()));
    }
}
