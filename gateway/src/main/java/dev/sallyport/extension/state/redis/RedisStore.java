package dev.sallyport.extension.state.redis;

import dev.sallyport.remote.Breaker;
import dev.sallyport.remote.Latencies;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The way to the server, for whatever is kept there: each command ends in time, few are open at once, and while the
/// server is gone or does not answer nothing is asked of it, which takes no more than a look (threats RL-10, FA-13).
///
/// Any thread; never waits, takes no lock. Commands are sent, and their stages end, on the thread of the connection:
/// nothing that takes long may hang on them.
public final class RedisStore implements MetricSource {
    private static final int MOST_OPEN = 10_000;
    private static final int FAILURES_TO_PAUSE = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final long timeoutNanos;
    private final LongSupplier nanos;
    private final Runnable trouble;
    private final Breaker breaker = new Breaker(FAILURES_TO_PAUSE, PAUSE);
    private final AtomicInteger open = new AtomicInteger();
    private final Latencies latencies = new Latencies();
    private final LongAdder answered = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile @Nullable LiveConnection live;
    private volatile boolean suspended;

    /// Something that is asked.
    ///
    /// @param <T> the answer
    @FunctionalInterface
    public interface Command<T extends @Nullable Object> {
        /// Asks it.
        CompletionStage<T> on(RedisClusterAsyncCommands<String, byte[]> commands);
    }

    /// @param nanos   a clock that never steps
    /// @param trouble run when the server should be looked at
    RedisStore(Duration timeout, LongSupplier nanos, Runnable trouble) {
        this.timeoutNanos = timeout.toNanos();
        this.nanos = nanos;
        this.trouble = trouble;
    }

    /// Runs a script; all keys are of one slot.
    ///
    /// @param <T> what `type` stands for: `Long`, or lists of octets
    public <T extends @Nullable Object> CompletionStage<T> run(
            Script script, ScriptOutputType type, String[] keys, byte[]... arguments) {
        return ask(commands -> scripted(commands, script, type, keys, arguments));
    }

    /// Runs a script by the name the server knows it by, or with its text when it does not.
    static <T extends @Nullable Object> CompletionStage<T> scripted(
            RedisClusterAsyncCommands<String, byte[]> commands,
            Script script,
            ScriptOutputType type,
            String[] keys,
            byte[][] arguments) {
        CompletableFuture<T> result = new CompletableFuture<>();
        commands.<T>evalsha(script.digest(), type, keys, arguments).whenComplete((value, failure) -> {
            if (failure instanceof RedisNoScriptException) {
                commands.<T>eval(script.text(), type, keys, arguments)
                        .whenComplete((again, other) -> end(result, again, other));
            } else {
                end(result, value, failure);
            }
        });
        return result;
    }

    /// Ends `result` the way something else did.
    static <T extends @Nullable Object> void end(CompletableFuture<T> result, T value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /// Asks the server. The stage fails when it cannot be asked or does not answer in time.
    public <T extends @Nullable Object> CompletionStage<T> ask(Command<T> command) {
        return ask(command, _ -> {});
    }

    /// Asks the server. The stage fails when it cannot be asked or does not answer in time.
    ///
    /// @param late told the answer that comes after that
    <T extends @Nullable Object> CompletionStage<T> ask(Command<T> command, Consumer<T> late) {
        LiveConnection to = live;
        long began = nanos.getAsLong();
        if (to == null || suspended || !breaker.lets(began)) {
            refused.increment();
            return CompletableFuture.failedStage(new StateFailure(StateFailure.Why.DOWN));
        }
        if (open.incrementAndGet() > MOST_OPEN) {
            open.decrementAndGet();
            refused.increment();
            return CompletableFuture.failedStage(new StateFailure(StateFailure.Why.CROWDED));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        result.whenComplete((value, failure) -> ended(began, failure));
        try {
            to.loop().execute(() -> send(to, command, new Asked<>(result, late), began));
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new StateFailure(StateFailure.Why.DOWN));
        }
        return result;
    }

    /// What waits for an answer, and who is told when it comes too late.
    private record Asked<T extends @Nullable Object>(CompletableFuture<T> result, Consumer<T> late) {}

    private <T extends @Nullable Object> void send(LiveConnection to, Command<T> command, Asked<T> asked, long began) {
        CompletableFuture<T> result = asked.result;
        long left = timeoutNanos - (nanos.getAsLong() - began);
        ScheduledFuture<?> timer = to.loop()
                .schedule(
                        () -> result.completeExceptionally(new StateFailure(StateFailure.Why.SLOW)),
                        left,
                        TimeUnit.NANOSECONDS);
        try {
            command.on(to.commands()).whenComplete((value, failure) -> {
                timer.cancel(false);
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else if (!result.complete(value)) {
                    asked.late.accept(value);
                }
            });
        } catch (RuntimeException e) {
            timer.cancel(false);
            result.completeExceptionally(e);
        }
    }

    private void ended(long began, @Nullable Throwable failure) {
        long now = nanos.getAsLong();
        open.decrementAndGet();
        latencies.add(now - began);
        if (failure == null) {
            answered.increment();
            breaker.succeeded();
            return;
        }
        (failure instanceof StateFailure known && known.why() == StateFailure.Why.SLOW ? slow : errors).increment();
        // one that answers with errors need not be spared, but looked at: it may be another's replica by now
        if (failure instanceof RedisCommandExecutionException || breaker.failed(now)) {
            trouble.run();
        }
    }

    /// Whether it can be asked.
    boolean up() {
        return live != null && !suspended && !breaker.open();
    }

    @Nullable
    LiveConnection live() {
        return live;
    }

    /// Goes by `next` from now on; nothing is asked without one.
    void use(@Nullable LiveConnection next) {
        live = next;
    }

    /// Has nothing asked of a server that does not answer who looks at it.
    void suspend() {
        suspended = true;
    }

    /// The server has answered who looked at it.
    void resume() {
        breaker.succeeded();
        suspended = false;
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.STATE_COMMANDS, answered.sum(), "ok");
        sink.value(Metrics.STATE_COMMANDS, errors.sum(), "error");
        sink.value(Metrics.STATE_COMMANDS, slow.sum(), "slow");
        sink.value(Metrics.STATE_COMMANDS, refused.sum(), "refused");
        sink.value(Metrics.STATE_ACTIVE, open.get());
        sink.value(Metrics.STATE_UP, up() ? 1 : 0);
        sink.value(Metrics.STATE_PAUSED, live != null && (suspended || breaker.open()) ? 1 : 0);
        latencies.collect(sink, Metrics.STATE_DURATION);
    }
}
