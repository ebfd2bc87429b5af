package dev.sallyport.app;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.controlplane.admin.Operation;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.SnapshotCompiler;
import dev.sallyport.controlplane.compile.limit.BuiltLimit;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigDump;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.controlplane.reload.Candidate;
import dev.sallyport.controlplane.reload.ConfigLoader;
import dev.sallyport.controlplane.source.FileState;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.limit.Limit;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is being served, and how the next configuration takes its place: compiled, with its ports bound and its
/// files open, before anything in use is touched.
final class Serving implements ConfigLoader, MetricSource {
    private final Path location;
    private final ConfigReader reader;
    private final SnapshotCompiler compiler;
    private final Parts parts;
    private final Consumer<Map<Path, String>> filesRead;
    private volatile @Nullable Compiled compiled;
    private volatile @Nullable String yamlBefore;
    private @Nullable CurrentSnapshot snapshot;
    private Map<Path, String> usedFiles = Map.of();

    /// What a configuration is made of, besides the snapshot.
    @FunctionalInterface
    interface Parts {
        /// Gets the parts ready, those that can fail for other reasons than the configuration.
        ///
        /// @throws PartFailure one of them cannot be had, and nothing was changed
        List<Step> prepare(Compiled next, CurrentSnapshot snapshot) throws PartFailure;
    }

    /// Something that the configuration asks for cannot be had.
    static final class PartFailure extends Exception {
        private static final long serialVersionUID = 1L;

        private final String key;

        /// @param key of the configuration that asks for it
        PartFailure(String key, IOException cause) {
            super(cause.getMessage(), cause);
            this.key = key;
        }
    }

    /// @param filesRead told which files were read, with their states, after each attempt
    Serving(
            Path location,
            ConfigReader reader,
            SnapshotCompiler compiler,
            Parts parts,
            Consumer<Map<Path, String>> filesRead) {
        this.location = location;
        this.reader = reader;
        this.compiler = compiler;
        this.parts = parts;
        this.filesRead = filesRead;
    }

    @Override
    public Candidate load(long sequence) {
        Instant begun = Instant.now();
        Compiled before = compiled;
        ConfigDocument document = reader.read(ConfigText.read(location));
        if (before != null && before.document().digest().equals(document.digest()) && filesAreAsUsed()) {
            filesRead.accept(usedFiles);
            return new Candidate.Same();
        }
        Compilation compilation = compiler.compile(document, before, sequence);
        Map<Path, String> files = FileState.asRead(files(document, compilation), begun);
        filesRead.accept(files);
        return switch (compilation) {
            case Compilation.Invalid invalid -> new Candidate.Unusable(invalid.problems());
            case Compiled next -> ready(next, files);
        };
    }

    /// Looks at what the files say now and takes none of it.
    Operation.Check check() {
        Compiled before = compiled();
        ConfigDocument document = reader.read(ConfigText.read(location));
        boolean same = before.document().digest().equals(document.digest());
        return switch (compiler.compile(document, before, 0)) {
            case Compilation.Invalid invalid -> new Operation.Check(same, invalid.problems(), null);
            case Compiled next -> new Operation.Check(same, next.problems(), ConfigDump.yaml(next.document()));
        };
    }

    /// The configuration before the one in use, secrets masked; null while there was none.
    @Nullable
    String yamlBefore() {
        return yamlBefore;
    }

    private Candidate ready(Compiled next, Map<Path, String> files) {
        CurrentSnapshot current = snapshot == null ? new CurrentSnapshot(next.snapshot()) : snapshot;
        List<Step> steps;
        try {
            steps = parts.prepare(next, current);
        } catch (PartFailure e) {
            return new Candidate.Unusable(List.of(problem(next.document(), e)));
        }
        return new Candidate.Ready(next.document().digest(), next.problems(), () -> {
            Compiled before = compiled;
            current.replace(next.snapshot());
            snapshot = current;
            compiled = next;
            yamlBefore = before == null ? null : ConfigDump.yaml(before.document());
            usedFiles = files;
            next.renewCertificates();
            steps.forEach(Step::use);
            retireUpstreams(before, next);
        });
    }

    private static ConfigProblem problem(ConfigDocument document, PartFailure failure) {
        Mark at = document.places().at(failure.key, Mark.of(""));
        return ConfigProblem.error(at, failure.key, String.valueOf(failure.getMessage()), "");
    }

    private static void retireUpstreams(@Nullable Compiled before, Compiled next) {
        if (before != null) {
            List<Upstream> kept = next.upstreams();
            before.upstreams().stream()
                    .filter(upstream -> !kept.contains(upstream))
                    .forEach(Upstream::retire);
        }
    }

    private boolean filesAreAsUsed() {
        return usedFiles.entrySet().stream().allMatch(file -> file.getValue().equals(FileState.of(file.getKey())));
    }

    /// Every file that was read or looked for, absolute.
    private Set<Path> files(ConfigDocument document, Compilation compilation) {
        List<Path> read = new ArrayList<>(document.files());
        read.addAll(compilation.files());
        try {
            read.addAll(Files.isDirectory(location) ? ConfigText.yamlFiles(location) : List.of(location));
        } catch (IOException _) {
            read.add(location);
        }
        Set<Path> files = new LinkedHashSet<>();
        read.forEach(file -> files.add(file.toAbsolutePath()));
        return files;
    }

    /// The configuration in use.
    Compiled compiled() {
        Compiled now = compiled;
        if (now == null) {
            throw new IllegalStateException("no configuration was ever in use");
        }
        return now;
    }

    /// The upstreams in use.
    List<Upstream> upstreams() {
        Compiled now = compiled;
        return now == null ? List.of() : now.upstreams();
    }

    /// The limits in use.
    List<Limit> limits() {
        Compiled now = compiled;
        return now == null
                ? List.of()
                : now.parts().limits().stream().map(BuiltLimit::limit).toList();
    }

    /// What upstreams add to routes that holds keys, by its name.
    Map<String, KeyInventory> keyHolders() {
        Map<String, KeyInventory> holders = new LinkedHashMap<>();
        Compiled now = compiled;
        if (now != null) {
            eachUpstreamPolicy(now, (upstream, policy) -> {
                if (policy instanceof KeyInventory inventory) {
                    holders.put("upstream " + upstream, inventory);
                }
            });
        }
        return holders;
    }

    private static void eachUpstreamPolicy(Compiled compiled, BiConsumer<String, Policy> found) {
        compiled.parts()
                .upstreams()
                .forEach(built -> built.policies()
                        .forEach(entry -> entry.policies()
                                .forEach(policy -> found.accept(built.upstream().name(), policy))));
    }

    @Override
    public void collect(MetricSink sink) {
        Compiled now = compiled;
        if (now != null) {
            now.upstreams().forEach(upstream -> upstream.collect(sink));
            eachUpstreamPolicy(now, (_, policy) -> {
                if (policy instanceof MetricSource source) {
                    source.collect(sink);
                }
            });
            now.listeners().forEach(listener -> {
                if (listener.tls() instanceof MetricSource tls) {
                    tls.collect(sink);
                }
            });
        }
    }
}
