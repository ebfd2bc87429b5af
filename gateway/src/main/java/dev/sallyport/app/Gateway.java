package dev.sallyport.app;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.app.alert.AlertEndpoints;
import dev.sallyport.app.alert.Alerting;
import dev.sallyport.app.console.SignalFigures;
import dev.sallyport.app.explain.ExplainEndpoint;
import dev.sallyport.app.explain.Explainer;
import dev.sallyport.app.overload.PressureWatch;
import dev.sallyport.app.process.KeptState;
import dev.sallyport.app.process.Lent;
import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminEndpoints;
import dev.sallyport.controlplane.admin.Operation;
import dev.sallyport.controlplane.behaviour.BehaviourEndpoints;
import dev.sallyport.controlplane.behaviour.share.SharedVerdicts;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.Foundation;
import dev.sallyport.controlplane.compile.HostResolver;
import dev.sallyport.controlplane.compile.SnapshotCompiler;
import dev.sallyport.controlplane.compile.behaviour.BuiltBehaviour;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.overload.OverloadConfig;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.console.ConsoleEndpoints;
import dev.sallyport.controlplane.key.KeyEndpoints;
import dev.sallyport.controlplane.limit.LimitEndpoints;
import dev.sallyport.controlplane.limit.LimitOperation;
import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.controlplane.reload.ReloadStatus;
import dev.sallyport.controlplane.reload.Reloader;
import dev.sallyport.controlplane.reload.Trigger;
import dev.sallyport.controlplane.revocation.LiveRevocations;
import dev.sallyport.controlplane.revocation.RevocationEndpoints;
import dev.sallyport.controlplane.revocation.RevocationWatch;
import dev.sallyport.controlplane.source.FileWatch;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.behaviour.AttemptWatch;
import dev.sallyport.dataplane.behaviour.Conducts;
import dev.sallyport.dataplane.behaviour.Observation;
import dev.sallyport.dataplane.behaviour.Register;
import dev.sallyport.dataplane.loop.Workers;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.overload.OverloadSettings;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.dataplane.upstream.Connector;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.condition.CelExpressions;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.extension.limit.SharedCounters;
import dev.sallyport.extension.observe.alert.Alerts;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running gateway: started with a configuration, reloaded, drained, stopped.
public final class Gateway implements AutoCloseable {
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration AUTHENTICATORS_WITHIN = Duration.ofSeconds(10);
    private static final Duration STATE_WITHIN = Duration.ofSeconds(5);
    private static final Duration RETIRE_WITHIN = Duration.ofSeconds(30);

    private final GatewayOptions options;
    private final Workers workers;
    private final Auditing auditing;
    private final Observing observing;
    private final Alerting alerting;
    private final OpenListeners listeners;
    private final AdminPort admin;
    private final Authenticators authenticators;
    private final Authorizers authorizers;
    private final RevocationWatch revocations;
    private final Discoveries discoveries;
    private final AdminEndpoints endpoints;
    private final ExplainEndpoint explain;
    private final ConsoleEndpoints console;
    private final Signing signing;
    private final SharedCounters counters;
    private final LimitOperation limits;
    private final GatewayLoad load;
    private final PressureWatch pressure;
    private final Conducts conducts;
    private final Register register;
    private final SharedVerdicts verdicts;
    private final Serving serving;
    private final Reloader reloader;
    private final FileWatch watch;
    private final KeptState state;
    private final Instant startedAt = Instant.now();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Operation.Readiness readiness = Operation.Readiness.STARTING;

    /// Everything that lasts as long as the process is put together here, by hand; what follows the
    /// configuration is prepared in [#prepare].
    private Gateway(Path config, GatewayOptions asked) {
        this.auditing = new Auditing(asked.loops(), asked.log());
        // from here on, what happens is heard by the audit log too
        GatewayOptions options = asked.withLog(asked.log().heardBy(auditing.audit()));
        this.options = options;
        this.workers = Workers.start(options.transport(), options.loops());
        this.observing = new Observing(workers.count(), options.log(), options.standardOut(), auditing.audit());
        this.alerting = new Alerting(
                observing.signals(), observing.recorded(), observing.sampler(), InstantSource.system(), options.log());
        LiveRevocations revoked = new LiveRevocations();
        this.authenticators = new Authenticators(options.log(), AUTHENTICATORS_WITHIN);
        this.authorizers = new Authorizers(options.log(), AUTHENTICATORS_WITHIN);
        this.load = new GatewayLoad();
        this.state = new KeptState(options.log(), STATE_WITHIN);
        Lent services = Lent.with(state.lent(), options.environment());
        this.conducts = new Conducts(workers.all(), options.ticker(), options.log(), services.blocking());
        observing.observe(new Observation(conducts));
        AdmissionGate gate = new AdmissionGate(authenticators.after(revoked), new AttemptWatch(conducts));
        this.listeners = new OpenListeners(workers, observing.recorder(), gate, load, options.log(), RETIRE_WITHIN);
        this.admin = new AdminPort(options.log(), auditing);
        this.discoveries = new Discoveries(options.log());
        SigningKeys signingKeys = new SigningKeys(
                services, options.log(), SignatureProvider.fastest().provider());
        this.signing = new Signing(signingKeys, this::keyHolders);
        this.revocations = new RevocationWatch(revoked, services, options.log(), listeners::recheckCallers);
        Plugins plugins =
                Catalog.plugins(options.log(), signingKeys, revocations).and(options.plugins());
        this.counters = new SharedCounters(
                new MemoryCounters(options.ticker(), services.clock(), services.blocking()),
                options.ticker(),
                services.clock(),
                options.log());
        Foundation foundation = new Foundation(
                new Connector(workers.transport()),
                workers.count(),
                HostResolver.SYSTEM,
                services,
                new CelExpressions(services.clock()),
                counters,
                auditing.audit().required(),
                observing.capturing(),
                conducts);
        SnapshotCompiler compiler =
                new SnapshotCompiler(plugins, foundation, TlsEngine.installed(), Product.pseudonym());
        this.watch = new FileWatch(config.toAbsolutePath(), SETTLE, POLL, this::filesChanged);
        this.serving = new Serving(
                config, new ConfigReader(plugins, options.environment()), compiler, this::prepare, watch::observe);
        this.pressure = new PressureWatch(load, serving::upstreams, listeners, options.log());
        this.explain = new ExplainEndpoint(
                new Explainer(
                        new AdmissionGate(authenticators.after(revoked)),
                        workers.all().getFirst(),
                        services.clock(),
                        true),
                serving::compiled);
        this.register = new Register(conducts);
        this.verdicts = new SharedVerdicts(register, services, options.log());
        conducts.hear(verdicts);
        this.console = new ConsoleEndpoints(
                new SignalFigures(observing.signals()), () -> readiness.word(), observing::refusals);
        this.limits = new LimitOperation(serving::limits, counters);
        this.reloader = new Reloader(serving, options.log(), InstantSource.system());
        this.endpoints = new AdminEndpoints(
                reloader,
                new LiveOperation(this::readiness, listeners, serving, auditing, startedAt),
                InstantSource.system(),
                Product.NAME_AND_VERSION);
        List.of(
                        workers,
                        listeners,
                        load,
                        serving,
                        discoveries,
                        authenticators,
                        authorizers,
                        revocations,
                        state,
                        signingKeys,
                        limits,
                        counters,
                        register,
                        verdicts,
                        reloader,
                        admin,
                        auditing.audit(),
                        alerting,
                        this::stateBuild)
                .forEach(observing::include);
        List.of(workers, listeners, serving, auditing.audit()).forEach(observing::measure);
    }

    /// Starts with what `config` says, a file or a folder, and watches it.
    ///
    /// @throws StartException the configuration is not usable, or something it asks for cannot be had
    public static Gateway start(Path config) throws StartException {
        return start(config, GatewayOptions.usual());
    }

    /// Starts; nothing is left behind when that fails.
    public static Gateway start(Path config, GatewayOptions options) throws StartException {
        options.log().event(Event.STARTING, "version", Product.VERSION, "config", config);
        Gateway gateway;
        try {
            gateway = new Gateway(config, options);
        } catch (IllegalStateException e) {
            throw new StartException("The event loops cannot start: " + e.getMessage(), e);
        }
        ReloadResult first = gateway.reloader.reload(Trigger.START);
        if (first instanceof ReloadResult.Refused refused) {
            gateway.close();
            throw new StartException(refused.problems());
        }
        gateway.observing.start();
        gateway.readiness = Operation.Readiness.READY;
        gateway.pressure.start();
        gateway.verdicts.start();
        if (options.watch()) {
            gateway.watch.start();
        }
        gateway.options
                .log()
                .event(
                        Event.STARTED,
                        "version",
                        Product.VERSION,
                        "transport",
                        options.transport().name(),
                        "loops",
                        options.loops(),
                        "millis",
                        Duration.between(gateway.startedAt, Instant.now()).toMillis());
        return gateway;
    }

    private Operation.Readiness readiness() {
        Operation.Readiness now = readiness;
        return now == Operation.Readiness.READY && !state.answered() ? Operation.Readiness.STARTING : now;
    }

    private Map<String, KeyInventory> keyHolders() {
        Map<String, KeyInventory> all = new LinkedHashMap<>(authenticators.keyHolders());
        all.putAll(serving.keyHolders());
        return all;
    }

    private void stateBuild(MetricSink sink) {
        String java = Runtime.version().toString();
        sink.value(
                Metrics.BUILD_INFO,
                1,
                Product.VERSION,
                java,
                options.transport().name());
    }

    private List<Step> prepare(Compiled next, CurrentSnapshot snapshot) throws Serving.PartFailure {
        List<Step> steps = new ArrayList<>();
        String key = "observe.access-log.to";
        try {
            steps.add(observing.prepare(next));
            steps.add(observing.forgetting(next));
            steps.add(observing.sampling(next));
            key = "observe.traces.otlp";
            steps.add(observing.telling(next));
            key = "observe.metrics.otlp";
            steps.add(observing.reporting(next));
            key = "observe.notify";
            Alerting.Prepared alerts = alerting.prepare(next.observe());
            steps.add(Step.of(alerts::use, alerts::abandon));
            key = "observe.audit-log.to";
            steps.add(auditing.prepare(next));
            steps.add(discoveries.prepare(next));
            state.open(next.state());
            CounterStore store = state.counterStore();
            if (store != null) {
                counters.share(store);
            }
            key = "signing-keys";
            signing.open(next.config().signingKeys());
            key = "admin.bind";
            steps.add(admin.prepare(next.admin(), adminEndpoints(next)));
            key = "revocation.list";
            steps.add(Revoking.prepare(revocations, next.config().revocation()));
            key = "listeners";
            steps.add(listeners.prepare(next.listeners(), snapshot));
            steps.add(authenticators.prepare(next));
            steps.add(authorizers.prepare(next));
            steps.add(Step.of(() -> load.use(settings(next.config().overload()))));
            BuiltBehaviour behaviour = next.parts().behaviour();
            steps.add(Step.of(() -> conducts.use(behaviour == null ? null : behaviour.rules())));
            steps.add(Step.of(listeners::recheckCallers));
            return steps;
        } catch (IOException e) {
            steps.forEach(Step::abandon);
            throw new Serving.PartFailure(key, e);
        }
    }

    private static OverloadSettings settings(OverloadConfig config) {
        return new OverloadSettings(
                config.requests(), config.loopLag().toNanos(), config.memory().hundredths() * 10);
    }

    /// What the admin listener offers.
    List<AdminEndpoint> offered() {
        return adminEndpoints(serving.compiled());
    }

    private List<AdminEndpoint> adminEndpoints(Compiled next) {
        List<AdminEndpoint> all =
                new ArrayList<>(endpoints.all(next.observe().metrics().path(), observing::metrics));
        all.addAll(new KeyEndpoints(signing, InstantSource.system()).all());
        all.addAll(new RevocationEndpoints(revocations, InstantSource.system()).all());
        all.addAll(new LimitEndpoints(limits).all());
        all.addAll(new BehaviourEndpoints(register).all());
        all.addAll(new AlertEndpoints(alerting, InstantSource.system()).all());
        all.add(explain.endpoint());
        all.addAll(console.all(request -> observing.metrics(request.accept())));
        return all;
    }

    private void filesChanged() {
        reloader.reload(Trigger.FILE_CHANGE);
    }

    /// Takes the configuration as it is now, whole or not at all.
    public ReloadResult reload(Trigger by) {
        return reloader.reload(by);
    }

    /// Which configuration is in use, and the latest one that was refused.
    public ReloadStatus status() {
        return reloader.status();
    }

    /// Where each listener listens, by its name.
    public Map<String, InetSocketAddress> listeners() {
        return listeners.addresses();
    }

    /// The port of the listener called `name`.
    public int port(String name) {
        InetSocketAddress address = listeners().get(name);
        if (address == null) {
            throw new IllegalArgumentException(
                    name + " (expected: one of " + listeners().keySet() + ")");
        }
        return address.getPort();
    }

    /// What happened over time.
    public Signals signals() {
        return observing.signals();
    }

    /// What is the matter, and was lately.
    public Alerts alerts() {
        return alerting.alerts();
    }

    /// Where the admin listener listens.
    public InetSocketAddress admin() {
        return admin.address();
    }

    /// What the admin listener wants to be shown.
    public String adminToken() {
        return admin.token();
    }

    /// Whether the admin token was made at this start rather than configured.
    public boolean adminTokenIsMade() {
        return admin.tokenIsMade();
    }

    /// Stops: not ready; after `delay` no new connections; requests under way may end until `deadline` has
    /// passed; then everything is closed. Only the first call does anything.
    public void stop(Duration delay, Duration deadline) {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        readiness = Operation.Readiness.DRAINING;
        options.log().event(Event.DRAINING, "delay", delay, "deadline", deadline);
        watch.close();
        discoveries.close();
        pressure.close();
        pause(delay);
        boolean gentle = listeners.close(deadline);
        options.log().event(gentle ? Event.DRAINED : Event.DRAIN_DEADLINE);
        authenticators.close();
        authorizers.close();
        revocations.close();
        counters.close();
        verdicts.close();
        state.close();
        observing.close();
        alerting.close();
        admin.close();
        auditing.close();
        workers.close();
        options.log().event(Event.STOPPED);
    }

    private static void pause(Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops at once.
    @Override
    public void close() {
        stop(Duration.ZERO, Duration.ZERO);
    }
}
