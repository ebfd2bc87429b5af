package dev.sallyport.controlplane.compile;

import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.Plugins;
import org.jspecify.annotations.Nullable;

/// Has plugins made, and turns their complaints into findings.
final class PluginMaker {
    private final Plugins plugins;
    private final Findings findings;
    private final int loops;
    private final Services services;

    PluginMaker(Plugins plugins, Findings findings, int loops, Services services) {
        this.services = services;
        this.plugins = plugins;
        this.findings = findings;
        this.loops = loops;
    }

    /// What the plugin makes, or null when it refuses its configuration at `path`.
    ///
    /// @param owner the route or upstream that uses it
    <P> @Nullable P make(Class<P> type, PluginUse use, String owner, String path) {
        PluginFactory<?, ?> factory = plugins.find(type, use.kind());
        if (factory == null) {
            findings.error(path, "unknown kind " + use.kind(), "expected: " + String.join(", ", plugins.kinds(type)));
            return null;
        }
        try {
            return type.cast(create(factory, use.config(), new PluginContext(owner, loops, services)));
        } catch (PluginException e) {
            String at = e.key().isEmpty() ? path : path + "." + e.key();
            findings.error(at, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static <C extends Record, P> P create(PluginFactory<C, P> factory, Record config, PluginContext context)
            throws PluginException {
        return factory.create(factory.configType().cast(config), context);
    }
}
