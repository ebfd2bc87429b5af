package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.controlplane.compile.access.AccessCompiler;
import dev.sallyport.controlplane.compile.behaviour.BuiltBehaviour;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.compile.limit.KeyCompiler;
import dev.sallyport.controlplane.compile.limit.LimitCompiler;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.RevocationConfig;
import dev.sallyport.controlplane.config.behaviour.BehaviourConfig;
import dev.sallyport.controlplane.config.observe.TracesConfig;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.RecordReader;
import dev.sallyport.controlplane.revocation.RevocationList;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot.Sampling;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteTable;
import dev.sallyport.dataplane.tls.TlsEngine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a snapshot of a configuration that was read, or says everything that is wrong with it. Blocks on files
/// and host names; keeps nothing between compilations.
public final class SnapshotCompiler {
    private final Plugins plugins;
    private final Foundation foundation;
    private final TlsEngine engine;
    private final String serverName;

    /// @param serverName the pseudonym in `Via`, see [GatewaySnapshot#serverName()]
    public SnapshotCompiler(Plugins plugins, Foundation foundation, TlsEngine engine, String serverName) {
        this.plugins = plugins;
        this.foundation = foundation;
        this.engine = engine;
        this.serverName = serverName;
    }

    /// Compiles `document`.
    ///
    /// @param previous what runs now, whose upstreams and listeners are taken over where nothing changed; null
    ///     at start
    /// @param sequence counts the configurations of this process, for the snapshot's version
    public Compilation compile(ConfigDocument document, @Nullable Compiled previous, long sequence) {
        if (!document.whole()) {
            return new Compilation.Invalid(document.problems(), document.files());
        }
        Findings findings = new Findings(document);
        ReferredFiles files = new ReferredFiles(findings);
        PluginMaker maker = new PluginMaker(plugins, findings, foundation.workers(), foundation.services());
        TlsCompiler tls = new TlsCompiler(engine, findings, Instant.now());
        List<BuiltListener> listeners = new ListenerCompiler(tls, findings, files).compile(document.config(), previous);
        List<BuiltUpstream> upstreams =
                new UpstreamCompiler(foundation, findings, files, maker, tls).compile(document.config(), previous);
        NamedPlugins named = new NamedPlugins(findings, files, maker);
        List<BuiltPlugin<Authenticator>> authenticators = named.compile(
                Authenticator.class,
                "authenticators",
                document.config().authenticators(),
                previous == null ? List.of() : previous.parts().authenticators());
        List<BuiltPlugin<Authorizer>> authorizers = named.compile(
                Authorizer.class,
                "authorizers",
                document.config().authorizers(),
                previous == null ? List.of() : previous.parts().authorizers());
        BuiltPlugin<SharedState> state = named.lasting(
                SharedState.class,
                "state",
                document.config().state(),
                previous == null ? null : previous.parts().state(),
                previous == null);
        BehaviourConfig watched = document.config().behaviour();
        BuiltBehaviour behaviour = watched == null
                ? null
                : BuiltBehaviour.of(
                        watched,
                        foundation.conducts(),
                        BuiltPlugin.byName(authenticators).values());
        AccessCompiler access = new AccessCompiler(
                findings,
                document.config(),
                BuiltPlugin.byName(authenticators),
                BuiltPlugin.byName(authorizers),
                foundation.expressions(),
                behaviour == null ? null : behaviour.judge());
        LimitCompiler limits = new LimitCompiler(
                findings,
                new KeyCompiler(
                        findings,
                        foundation.expressions(),
                        BuiltPlugin.byName(authenticators).values(),
                        document.config().observe().redact().headers()),
                foundation.counters(),
                foundation.workers(),
                state != null && state.plugin().shared());
        limits.compile(
                document.config().limits(),
                document.config().limitHeaders(),
                previous == null ? List.of() : previous.parts().limits());
        List<Policy> first = new ArrayList<>(behaviour == null ? List.of() : behaviour.slowing());
        List<Route> routes = new RouteCompiler(
                        findings, maker, serverName, foundation.recorded(), foundation.captured(), first)
                .compile(document.config(), upstreams, access, limits);
        limits.checkUsed();
        new RouteConflicts(findings).check(routes);
        LogCompiler log = new LogCompiler(findings, foundation.expressions());
        List<LogRule> logRules = log.compile(document.config());
        checkRevoked(document.config().revocation(), previous, findings);
        Set<Path> referred = new LinkedHashSet<>(document.files());
        referred.addAll(files.paths());
        if (findings.hasErrors()) {
            return new Compilation.Invalid(findings.sorted(), referred);
        }
        GatewaySnapshot snapshot = new GatewaySnapshot(
                sequence + "-" + document.digest(),
                RouteTable.of(LocalRoutes.with(routes, authenticators)),
                serverName,
                behaviour == null ? null : behaviour.screen(),
                sampling(document.config().observe().traces()));
        return new Compiled(
                document,
                snapshot,
                new Compiled.Parts(
                        upstreams,
                        listeners,
                        authenticators,
                        authorizers,
                        state,
                        access.roles(),
                        limits.limits(),
                        behaviour,
                        logRules),
                findings.sorted(),
                referred);
    }

    private static Sampling sampling(@Nullable TracesConfig traces) {
        return traces == null
                ? Sampling.NONE
                : Sampling.of(traces.sample().part(), traces.errors() || traces.slowerThan() != null);
    }

    /// A list in use may break and be mended without anything else being held up by it.
    private static void checkRevoked(RevocationConfig revocation, @Nullable Compiled previous, Findings findings) {
        Path list = revocation.list();
        if (list != null
                && (previous == null
                        || !list.equals(previous.config().revocation().list()))) {
            RecordReader.read(list, RevocationList.class).problems().forEach(problem -> {
                if (problem.line() > 0) {
                    findings.add(problem);
                } else {
                    findings.error("revocation.list", list + ": " + problem.message(), problem.hint());
                }
            });
        }
    }
}
