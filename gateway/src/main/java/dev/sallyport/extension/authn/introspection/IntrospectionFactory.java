package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.fetch.Fetcher;
import dev.sallyport.extension.authn.server.Questions;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import dev.sallyport.telemetry.EventLog;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.LongSupplier;

/// Makes authenticators of `kind: introspection`.
public final class IntrospectionFactory implements PluginFactory<IntrospectionConfig, Authenticator> {
    private final EventLog log;
    private final LongSupplier nanos;

    /// @param log where a server that fails is named
    public IntrospectionFactory(EventLog log) {
        this(log, System::nanoTime);
    }

    IntrospectionFactory(EventLog log, LongSupplier nanos) {
        this.log = log;
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
        IntrospectionConfig.Limits limits = config.limits();
        ServerEndpoint server = new ServerEndpoint(endpoint(config.endpoint()), config.client(), limits.timeout());
        TokenQuestion question = new TokenQuestion(server, new AnswerReader(config, context.name()), services.clock());
        Questions<Finding> questions = new Questions<>(
                context.name(),
                log,
                services.blocking(),
                nanos,
                new Questions.Bounds(
                        limits.inFlight(), limits.inFlightPerNetwork(), limits.failures(), limits.pause()));
        Introspection.Parts parts =
                new Introspection.Parts(server, question, questions, new Sender(List.of()), services.clock(), nanos);
        return new Introspection(context.name(), config, parts, context.loops());
    }

    private static URI endpoint(String text) throws PluginException {
        try {
            URI uri = new URI(text);
            String problem = Fetcher.problem(uri);
            if (problem != null) {
                throw new PluginException("endpoint", problem);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new PluginException("endpoint", text + " (expected: an absolute https URL)");
        }
    }
}
