package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authz.ExternalAuthorizer;
import dev.sallyport.extension.authz.ServerUrl;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.EventLog;
import java.net.URI;
import java.util.function.LongSupplier;

/// Makes authorizers of `kind: ext-authz`.
@OffLoop("control threads that compile configurations")
public final class ExtAuthzFactory implements PluginFactory<ExtAuthzConfig, Authorizer> {
    private final EventLog log;
    private final LongSupplier nanos;

    /// @param log where a server that fails is named
    public ExtAuthzFactory(EventLog log) {
        this(log, System::nanoTime);
    }

    ExtAuthzFactory(EventLog log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    @Override
    public String kind() {
        return "ext-authz";
    }

    @Override
    public Class<ExtAuthzConfig> configType() {
        return ExtAuthzConfig.class;
    }

    @Override
    public Class<Authorizer> pluginType() {
        return Authorizer.class;
    }

    @Override
    public Authorizer create(ExtAuthzConfig config, PluginContext context) throws PluginException {
        URI url = ServerUrl.of(config.url(), config.tls());
        if ((!url.getPath().isEmpty() && !url.getPath().equals("/")) || url.getQuery() != null) {
            throw new PluginException("url", url + " (expected: scheme, host and port, without path)");
        }
        CheckRequest request = new CheckRequest(config.send().checked(), config.context());
        GrpcClient client = new GrpcClient(
                url,
                RemoteTls.context(
                        config.tls(), "tls", context.services().clock().instant()),
                config.limits().timeout(),
                context.services().blocking());
        ExtAuthzServer server = new ExtAuthzServer(client, request);
        return new ExternalAuthorizer(
                server,
                new ExternalAuthorizer.Settings(
                        config.cache(), config.limits(), config.headers(), config.tellReasons(), config.recheck()),
                context,
                log,
                nanos);
    }
}
