package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.read.RecordFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compiles plugins that have names of their own, such as authenticators; those that did not change are taken over
/// with all they know.
final class NamedPlugins {
    private final Findings findings;
    private final ReferredFiles files;
    private final PluginMaker plugins;

    NamedPlugins(Findings findings, ReferredFiles files, PluginMaker plugins) {
        this.findings = findings;
        this.files = files;
        this.plugins = plugins;
    }

    /// The plugins of one section of the configuration.
    ///
    /// @param section  its key
    /// @param previous those that run now
    <T> List<BuiltPlugin<T>> compile(
            Class<T> type, String section, Map<String, PluginUse> uses, List<BuiltPlugin<T>> previous) {
        List<BuiltPlugin<T>> built = new ArrayList<>();
        uses.forEach((name, use) -> {
            BuiltPlugin<T> one = plugin(type, section + "." + name, name, use, BuiltPlugin.find(previous, name));
            if (one != null) {
                built.add(one);
            }
        });
        return built;
    }

    /// The one plugin of a section that lasts as long as the process: what runs is kept, and a section that wants
    /// another is refused.
    ///
    /// @param previous what runs now
    /// @param first    whether nothing runs yet
    <T> @Nullable BuiltPlugin<T> lasting(
            Class<T> type, String section, @Nullable PluginUse use, @Nullable BuiltPlugin<T> previous, boolean first) {
        if (first) {
            return use == null ? null : plugin(type, section + "." + use.kind(), section, use, null);
        }
        if (!Objects.equals(use, previous == null ? null : previous.config())) {
            findings.error(
                    section,
                    "is not what the gateway was started with",
                    "expected: no change while it runs; start it anew with the change");
        }
        return previous;
    }

    private <T> @Nullable BuiltPlugin<T> plugin(
            Class<T> type, String path, String name, PluginUse use, @Nullable BuiltPlugin<T> previous) {
        int before = findings.count();
        StringBuilder seen = new StringBuilder();
        RecordFiles.of(use.config(), path).forEach((at, file) -> seen.append(files.digest(at, file)));
        if (findings.count() > before) {
            return null;
        }
        if (previous != null && previous.config().equals(use) && previous.seen().contentEquals(seen)) {
            return previous;
        }
        T made = plugins.make(type, use, name, path);
        return made == null ? null : new BuiltPlugin<>(name, made, use, seen.toString());
    }
}
