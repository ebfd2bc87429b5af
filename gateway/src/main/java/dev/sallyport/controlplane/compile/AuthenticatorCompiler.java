package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.read.RecordFiles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles authenticators; those that did not change are taken over with all they know.
final class AuthenticatorCompiler {
    private final Findings findings;
    private final ReferredFiles files;
    private final PluginMaker plugins;

    AuthenticatorCompiler(Findings findings, ReferredFiles files, PluginMaker plugins) {
        this.findings = findings;
        this.files = files;
        this.plugins = plugins;
    }

    List<BuiltAuthenticator> compile(GatewayConfig config, @Nullable Compiled previous) {
        List<BuiltAuthenticator> built = new ArrayList<>();
        config.authenticators().forEach((name, use) -> {
            BuiltAuthenticator one = authenticator(name, use, previous == null ? null : previous.authenticator(name));
            if (one != null) {
                built.add(one);
            }
        });
        return built;
    }

    private @Nullable BuiltAuthenticator authenticator(
            String name, PluginUse use, @Nullable BuiltAuthenticator previous) {
        String path = "authenticators." + name;
        int before = findings.count();
        StringBuilder seen = new StringBuilder();
        RecordFiles.of(use.config(), path).forEach((at, file) -> seen.append(files.digest(at, file)));
        if (findings.count() > before) {
            return null;
        }
        if (previous != null && previous.config().equals(use) && previous.seen().contentEquals(seen)) {
            return previous;
        }
        Authenticator made = plugins.make(Authenticator.class, use, name, path);
        return made == null ? null : new BuiltAuthenticator(name, made, use, seen.toString());
    }
}
