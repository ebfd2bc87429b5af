package dev.sallyport.extension.authz.opa;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authz.ExternalAuthorizer;
import dev.sallyport.extension.authz.ServerUrl;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.EventLog;
import java.util.function.LongSupplier;

/// Makes authorizers of `kind: opa`.
@OffLoop("control threads that compile configurations")
public final class OpaFactory implements PluginFactory<OpaConfig, Authorizer> {
    private final EventLog log;
    private final LongSupplier nanos;

    /// @param log where a server that fails is named
    public OpaFactory(EventLog log) {
        this(log, System::nanoTime);
    }

    OpaFactory(EventLog log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    @Override
    public String kind() {
        return "opa";
    }

    @Override
    public Class<OpaConfig> configType() {
        return OpaConfig.class;
    }

    @Override
    public Class<Authorizer> pluginType() {
        return Authorizer.class;
    }

    @Override
    public Authorizer create(OpaConfig config, PluginContext context) throws PluginException {
        OpaServer server = new OpaServer(
                ServerUrl.of(config.url(), config.tls()),
                new OpaInput(config.send().checked(), context.loops()),
                new OpaResult(config.decision()),
                config.token(),
                config.limits().timeout(),
                RemoteTls.context(
                        config.tls(), "tls", context.services().clock().instant()));
        return new ExternalAuthorizer(
                server,
                new ExternalAuthorizer.Settings(
                        config.cache(), config.limits(), config.headers(), config.tellReasons(), config.recheck()),
                context,
                log,
                nanos);
    }
}
