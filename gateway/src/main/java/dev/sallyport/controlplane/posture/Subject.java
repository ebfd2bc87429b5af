package dev.sallyport.controlplane.posture;

import dev.sallyport.api.http.Method;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.controlplane.config.read.RecordValues;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A configuration that is looked at, with what rules ask of it.
record Subject(Compiled compiled) {
    GatewayConfig config() {
        return compiled.config();
    }

    /// Every listener with its path.
    void listeners(BiConsumer<String, ListenerConfig> each) {
        config().listeners().forEach((name, listener) -> each.accept("listeners." + name, listener));
    }

    /// Every upstream with its path.
    void upstreams(BiConsumer<String, UpstreamConfig> each) {
        config().upstreams().forEach((name, upstream) -> each.accept("upstreams." + name, upstream));
    }

    /// Every route with its path.
    void routes(BiConsumer<String, RouteConfig> each) {
        config().routes().forEach((name, route) -> each.accept("routes." + name, route));
    }

    /// Every route that callers prove themselves for, with the path of its access rule.
    void guarded(BiConsumer<String, RouteConfig.Guarded> each) {
        routes((path, route) -> {
            if (route.access() instanceof RouteConfig.Guarded guarded) {
                each.accept(path + ".access", guarded);
            }
        });
    }

    /// Every authenticator of some kinds, with its path.
    void authenticators(Set<String> kinds, BiConsumer<String, PluginUse> each) {
        config().authenticators().forEach((name, use) -> {
            if (kinds.contains(use.kind())) {
                each.accept("authenticators." + name, use);
            }
        });
    }

    /// Every server that keeps shared state, with its path.
    void stateServers(BiConsumer<String, String> each) {
        PluginUse use = config().state();
        if (use == null || !use.kind().equals("redis")) {
            return;
        }
        RecordValues.each(use.config(), "state.redis", (path, value) -> {
            String text = value.toString();
            if (text.startsWith("redis://") || text.startsWith("rediss://")) {
                each.accept(path, text);
            }
        });
    }

    /// What is set at `keys`, each in the value before; null where something is left out.
    static @Nullable Object setting(PluginUse use, String... keys) {
        Object value = use.config();
        for (String key : keys) {
            value = value instanceof Record record ? RecordValues.of(record, key) : null;
        }
        return value;
    }

    /// Whether requests that change something are among those of `route`.
    static boolean modifying(RouteConfig route) {
        List<Method> methods = route.match().methods();
        return methods.isEmpty() || methods.stream().anyMatch(method -> !method.safe());
    }

    /// Whether only this machine is reached by `host`, an address or a name as in a URL.
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("[::1]")
                || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
