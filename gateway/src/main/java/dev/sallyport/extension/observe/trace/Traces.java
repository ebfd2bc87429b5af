package dev.sallyport.extension.observe.trace;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.Outcome;
import dev.sallyport.extension.observe.Ring;
import dev.sallyport.extension.observe.otlp.Origin;
import dev.sallyport.extension.observe.otlp.Outflow;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Tells traces to one collector. Event loops hand over finished exchanges and never wait; what does not fit is lost
/// and
/// counted.
@OffLoop("a thread of its own, but for `record`, which only puts into a ring")
public final class Traces implements AutoCloseable {
    /// Enough for half a second at 30,000 requests a second of which a quarter is sampled.
    private static final int CAPACITY = 4096;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int QUIET_ROUNDS = 3;

    private final TraceSettings.Trouble trouble;
    private final List<Ring<Exchange>> rings = new ArrayList<>();
    private final List<Allowance> allowances = new ArrayList<>();
    private final TraceFigures figures;
    private final Spans spans;
    private final Outflow<SpanData> outflow;
    private final Thread thread;
    private volatile boolean closing;

    /// Starts to tell.
    ///
    /// @param loops    how many event loops there are
    /// @param version  of this gateway
    /// @param instance unlike any other gateway's
    public Traces(
            TraceSettings settings,
            int loops,
            String version,
            String instance,
            CurrentTraces current,
            Outflow.Common common) {
        this.trouble = settings.trouble();
        long now = System.nanoTime();
        for (int i = 0; i < loops; i++) {
            rings.add(new Ring<>(CAPACITY));
            allowances.add(new Allowance(Math.ceilDiv(trouble.perSecond(), loops), now));
        }
        this.figures = current.figures();
        this.spans = new Spans(settings, Origin.resource(version, instance, settings.resource()));
        this.outflow = Outflow.ofSpans(settings.collector(), Outflow.Room.USUAL, common);
        this.thread = Thread.ofPlatform().name("traces").daemon(true).unstarted(this::run);
        thread.start();
    }

    /// Has `exchange` told if it is sampled or in trouble; on its event loop.
    void record(Exchange exchange) {
        if (exchange.trace().sampled()) {
            offer(exchange, true);
        } else if (inTrouble(exchange)) {
            if (allowances.get(exchange.loop()).take(exchange.endedAt())) {
                offer(exchange, false);
            } else {
                figures.tooMany.increment();
            }
        }
    }

    private void offer(Exchange exchange, boolean sampled) {
        if (!rings.get(exchange.loop()).offer(exchange)) {
            figures.dropped.increment();
        } else if (sampled) {
            figures.sampled.increment();
        } else {
            figures.troubled.increment();
        }
    }

    private boolean inTrouble(Exchange exchange) {
        if (trouble.errors()) {
            Failure failure = exchange.failure();
            if (exchange.status() >= 500 || (failure != null && !Outcome.byClient(failure))) {
                return true;
            }
        }
        long answered = exchange.respondedAt() == 0 ? exchange.endedAt() : exchange.respondedAt();
        return answered - exchange.startedAt() >= trouble.slowNanos();
    }

    private void run() {
        int quiet = 0;
        while (quiet < QUIET_ROUNDS) {
            boolean any = drain();
            // an event loop that has just taken these traces may still be about to hand over its last exchange
            quiet = closing && !any ? quiet + 1 : 0;
            if (!any) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    private boolean drain() {
        boolean any = false;
        for (Ring<Exchange> ring : rings) {
            Exchange exchange;
            while ((exchange = ring.poll()) != null) {
                any = true;
                spans.tell(exchange, outflow::offer);
            }
        }
        return any;
    }

    /// Tells what was recorded so far and stops, within two seconds or little more. To be taken out of use
    /// before, see [CurrentTraces#replace].
    @Override
    public void close() {
        closing = true;
        long until = System.nanoTime() + CLOSE_WITHIN.toNanos();
        try {
            thread.join(CLOSE_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outflow.close(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
    }
}
