package dev.sallyport.extension.authz;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.remote.Fingerprint;
import dev.sallyport.remote.Questions;
import dev.sallyport.remote.Remembered;
import dev.sallyport.remote.Wording;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Has a policy server decide, and remembers for a time what it decided, if it may.
///
/// A server that cannot be asked, or does not answer as it must, lets nobody in: 503 (threat AZ-11). A decision is
/// remembered for exactly what the server was told and for that credential (threat AZ-06).
public final class ExternalAuthorizer implements Authorizer, LongLived, MetricSource {
    private static final Headers SOON = Headers.of("retry-after", "1");
    private static final Refusal BUSY = Refusal.of(
                    503, "authorizer-busy", "Access could not be decided", "Too many decisions are open at the moment.")
            .with(SOON);
    private static final Wording WORDING = new Wording(
            Refusal.of(
                            503,
                            "authorizer-unavailable",
                            "Access could not be decided",
                            "The policy server cannot be asked at the moment.")
                    .with(SOON),
            BUSY,
            BUSY,
            Event.AUTHORIZER_FAILING,
            Event.AUTHORIZER_RECOVERED);

    private final String name;
    private final PolicyServer server;
    private final Questions<Ruling> questions;
    private final Keys keys;
    private final InstantSource clock;
    private final Executor blocking;
    private final LongSupplier nanos;
    private final @Nullable Remembered<Ruling> memory;
    private final long positiveNanos;
    private final long negativeNanos;
    private final int holdsForSeconds;
    private final Rulings rulings;
    private final LongAdder remembered = new LongAdder();

    /// What every kind of policy server is configured with.
    ///
    /// @param headers     fields that it may give to upstreams
    /// @param tellReasons whether callers are told the server's reasons
    /// @param recheck     after which time exchanges that go on are judged again
    public record Settings(
            CacheConfig cache, LimitsConfig limits, List<String> headers, boolean tellReasons, Duration recheck) {}

    /// @param log   where a server that fails is named
    /// @param nanos a clock that never steps
    /// @throws PluginException when the settings cannot work
    public ExternalAuthorizer(
            PolicyServer server, Settings settings, PluginContext context, EventLog log, LongSupplier nanos)
            throws PluginException {
        CacheConfig cache = settings.cache();
        this.name = context.name();
        this.server = server;
        this.clock = context.services().clock();
        this.blocking = context.services().blocking();
        this.nanos = nanos;
        this.keys = new Keys(context.loops());
        this.rulings = new Rulings(name, new UpstreamFields(settings.headers()), settings.tellReasons());
        this.positiveNanos = cache.positive().toNanos();
        this.negativeNanos = cache.negative().toNanos();
        this.memory = positiveNanos + negativeNanos == 0 ? null : new Remembered<>(cache.decisions());
        this.holdsForSeconds = Math.toIntExact(Math.max(1, settings.recheck().toSeconds()));
        this.questions =
                new Questions<>(name, log, blocking, nanos, settings.limits().bounds(), WORDING);
    }

    @Override
    public int holdsForSeconds() {
        return holdsForSeconds;
    }

    @Override
    public String text() {
        return rulings.rule();
    }

    @Override
    public Verdict judge(Exchange exchange) {
        rulings.strip(exchange);
        byte[] question = server.question(exchange);
        Fingerprint about = keys.of(exchange, question);
        if (memory != null) {
            Ruling ruling = memory.get(about, nanos.getAsLong());
            if (ruling != null) {
                remembered.increment();
                return rulings.verdict(ruling, exchange);
            }
        }
        Map<String, String> fields = Correlation.fields(exchange);
        Principal caller = exchange.principal();
        CompletableFuture<Questions.Answer<Ruling>> answer =
                questions.ask(about, exchange.clientAddress(), () -> ask(about, question, fields, caller));
        Questions.Answer<Ruling> now = answer.getNow(null);
        return now != null
                ? verdict(now, exchange)
                : new Verdict.Await(answer.thenApplyAsync(found -> verdict(found, exchange), exchange::execute));
    }

    private Verdict verdict(Questions.Answer<Ruling> answer, Exchange exchange) {
        return switch (answer) {
            case Questions.Answer.Learnt<Ruling> learnt -> rulings.verdict(learnt.value(), exchange);
            case Questions.Answer.Unknown<Ruling> unknown -> rulings.undecided(unknown.refusal());
        };
    }

    /// Asks, and remembers the answer from the moment of the question: what the server says later is not in it. On a
    /// thread that may wait.
    private Ruling ask(Fingerprint about, byte[] question, Map<String, String> fields, @Nullable Principal caller)
            throws IOException {
        long asked = nanos.getAsLong();
        Ruling ruling = rulings.permitted(server.ask(question, fields));
        if (memory != null) {
            memory.put(about, ruling, nanos.getAsLong(), asked + remembersNanos(ruling, caller));
        }
        return ruling;
    }

    private long remembersNanos(Ruling ruling, @Nullable Principal caller) {
        long time = ruling.allowed() ? positiveNanos : negativeNanos;
        if (caller == null || caller.credential().expiresAt() == Credential.NEVER) {
            return time;
        }
        long left = caller.credential().expiresAt() - clock.instant().getEpochSecond();
        return Math.min(time, TimeUnit.SECONDS.toNanos(Math.max(0, left)));
    }

    @Override
    public CompletionStage<?> start() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        server.start();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                blocking);
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public void collect(MetricSink sink) {
        rulings.collect(sink);
        sink.value(Metrics.AUTHORIZER_QUESTIONS, questions.asked(), name, "asked");
        sink.value(Metrics.AUTHORIZER_QUESTIONS, questions.joined(), name, "joined");
        sink.value(Metrics.AUTHORIZER_QUESTIONS, questions.refused(), name, "refused");
        sink.value(Metrics.AUTHORIZER_QUESTIONS, remembered.sum(), name, "remembered");
        sink.value(Metrics.AUTHORIZER_FAILURES, questions.failed(), name);
        sink.value(Metrics.AUTHORIZER_ACTIVE, questions.inFlight(), name);
        sink.value(Metrics.AUTHORIZER_PAUSED, questions.givenUp() ? 1 : 0, name);
        questions.latencies().collect(sink, Metrics.AUTHORIZER_DURATION, name);
    }
}
