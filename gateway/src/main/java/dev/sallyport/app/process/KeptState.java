package dev.sallyport.app.process;

import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.state.MemoryState;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Shared state where the first configuration wants it kept; as long as the process.
public final class KeptState implements MetricSource, AutoCloseable {
    private final LentState lent = new LentState();
    private final EventLog log;
    private final Duration startWithin;
    private volatile @Nullable SharedState kept;
    private volatile boolean answered;

    /// @param startWithin how long the gateway's start waits for a store; while it does not answer, the gateway
    ///     serves what needs no state, and is not ready
    public KeptState(EventLog log, Duration startWithin) {
        this.log = log;
        this.startWithin = startWithin;
    }

    /// What is lent to extensions; usable from [#open] on.
    public LentState lent() {
        return lent;
    }

    /// Opens what is configured, or state in memory for null; only the first call has any effect.
    public void open(@Nullable SharedState configured) {
        if (kept != null) {
            return;
        }
        SharedState state = configured == null ? new MemoryState(InstantSource.system()) : configured;
        kept = state;
        lent.open(state);
        if (!(state instanceof LongLived store)) {
            answered = true;
            return;
        }
        CompletionStage<?> first = store.start();
        first.thenRun(() -> answered = true);
        String problem = problem(first);
        if (problem != null) {
            log.event(Event.STATE_NOT_READY, "problem", problem);
        }
    }

    private @Nullable String problem(CompletionStage<?> first) {
        try {
            first.toCompletableFuture().get(startWithin.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (TimeoutException _) {
            return "no answer within " + startWithin.toSeconds() + " s";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /// Where limits are counted that gateways share; null when there is no such store.
    public @Nullable CounterStore counterStore() {
        return kept instanceof CounterStore.Keeper keeper ? keeper.counterStore() : null;
    }

    /// Whether the store has answered since the gateway was started. Later outages do not count: all gateways would
    /// be taken out at once for what some of the requests need.
    public boolean answered() {
        return answered;
    }

    @Override
    public void collect(MetricSink sink) {
        if (kept instanceof MetricSource source) {
            source.collect(sink);
        }
    }

    @Override
    public void close() {
        if (kept instanceof LongLived store) {
            store.close();
        }
    }
}
