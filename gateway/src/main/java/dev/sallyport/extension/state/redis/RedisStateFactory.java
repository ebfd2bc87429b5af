package dev.sallyport.extension.state.redis;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.EventLog;

/// Makes shared state in Redis or Valkey.
@OffLoop("control threads that compile configurations")
public final class RedisStateFactory implements PluginFactory<RedisStateConfig, SharedState> {
    private final EventLog log;

    public RedisStateFactory(EventLog log) {
        this.log = log;
    }

    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public Class<RedisStateConfig> configType() {
        return RedisStateConfig.class;
    }

    @Override
    public Class<SharedState> pluginType() {
        return SharedState.class;
    }

    @Override
    public SharedState create(RedisStateConfig config, PluginContext context) throws PluginException {
        RemoteTls tls = config.tls();
        if (tls != null) {
            // read again for each connection; what is wrong now is said now
            tls.factories("tls", context.services().clock().instant());
        }
        return new RedisState(config, RedisState.Bounds.USUAL, context.services(), log);
    }
}
