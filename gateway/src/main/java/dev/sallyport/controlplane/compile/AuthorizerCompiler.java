package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.read.RecordFiles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles policy servers; those that did not change are taken over with all they know.
final class AuthorizerCompiler {
    private final Findings findings;
    private final ReferredFiles files;
    private final PluginMaker plugins;

    AuthorizerCompiler(Findings findings, ReferredFiles files, PluginMaker plugins) {
        this.findings = findings;
        this.files = files;
        this.plugins = plugins;
    }

    List<BuiltAuthorizer> compile(GatewayConfig config, @Nullable Compiled previous) {
        List<BuiltAuthorizer> built = new ArrayList<>();
        config.authorizers().forEach((name, use) -> {
            BuiltAuthorizer one = authorizer(name, use, previous == null ? null : previous.authorizer(name));
            if (one != null) {
                built.add(one);
            }
        });
        return built;
    }

    private @Nullable BuiltAuthorizer authorizer(String name, PluginUse use, @Nullable BuiltAuthorizer previous) {
        String path = "authorizers." + name;
        int before = findings.count();
        StringBuilder seen = new StringBuilder();
        RecordFiles.of(use.config(), path).forEach((at, file) -> seen.append(files.digest(at, file)));
        if (findings.count() > before) {
            return null;
        }
        if (previous != null && previous.config().equals(use) && previous.seen().contentEquals(seen)) {
            return previous;
        }
        Authorizer made = plugins.make(Authorizer.class, use, name, path);
        return made == null ? null : new BuiltAuthorizer(name, made, use, seen.toString());
    }
}
