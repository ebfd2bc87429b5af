package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.server.Questions;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import dev.sallyport.telemetry.EventLog;
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
        ServerEndpoint server = ServerEndpoint.of(
                config.endpoint(), config.client(), config.limits().timeout());
        TokenQuestion question = new TokenQuestion(server, new AnswerReader(config, context.name()), services.clock());
        Questions<Finding> questions =
                new Questions<>(context.name(), log, services.blocking(), nanos, Questions.Bounds.of(config.limits()));
        Introspection.Parts parts =
                new Introspection.Parts(server, question, questions, new Sender(List.of()), services.clock(), nanos);
        return new Introspection(context.name(), config, parts, context.loops());
    }
}
