package dev.sallyport.extension.authn.live;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The content of a [Source] as it was when it was last usable, read again in an interval. What cannot be read or is
/// not usable leaves the last good content in place, up to a limit of staleness, and is told to log and metrics.
///
/// [#current] may be called on event loops.
public final class LiveStore<T> implements MetricSource {
    private final Settings settings;
    private final Source<T> source;
    private final ToIntFunction<T> size;
    private final Services services;
    private final EventLog log;
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable T content;
    private volatile long goodAt;
    private volatile boolean closed;
    private @Nullable String problem;

    /// How a store is kept up to date.
    ///
    /// @param owner      the authenticator's name, for log and metrics
    /// @param place      what is read, for the log
    /// @param checkEvery how often
    /// @param staleAfter how old the content may be while the source cannot be asked; null for as old as it gets
    public record Settings(
            String owner,
            String place,
            Duration checkEvery,
            @Nullable Duration staleAfter) {}

    /// @param size how many entries there are, for metrics
    public LiveStore(Settings settings, Source<T> source, ToIntFunction<T> size, Services services, EventLog log) {
        this.settings = settings;
        this.source = source;
        this.size = size;
        this.services = services;
        this.log = log;
    }

    /// Reads now, so that what is wrong is known before anything is used. Called before [#start], or not at all.
    ///
    /// @throws StoreException it cannot be read, or is not usable
    public void preload() throws StoreException {
        take(source.poll());
    }

    /// Begins to read; done with the first attempt, failed when that failed. It goes on in either case.
    public CompletionStage<?> start() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        services.blocking().execute(() -> {
            Throwable failure = read();
            if (failure == null) {
                first.complete(null);
            } else {
                first.completeExceptionally(failure);
            }
            next();
        });
        return first;
    }

    private void next() {
        if (closed) {
            source.close();
        } else {
            CompletableFuture.delayedExecutor(settings.checkEvery.toNanos(), TimeUnit.NANOSECONDS, services.blocking())
                    .execute(() -> {
                        if (!closed) {
                            read();
                        }
                        next();
                    });
        }
    }

    private @Nullable Throwable read() {
        try {
            boolean changed = take(source.poll());
            if (problem != null || changed) {
                T now = content;
                log.event(
                        Event.CREDENTIAL_STORE_LOADED,
                        "authenticator",
                        settings.owner,
                        "store",
                        settings.place,
                        "entries",
                        now == null ? 0 : size.applyAsInt(now));
            }
            problem = null;
            return null;
        } catch (StoreException | RuntimeException e) {
            failures.incrementAndGet();
            String message = e instanceof StoreException ? String.valueOf(e.getMessage()) : e.toString();
            if (!message.equals(problem)) {
                log.event(
                        Event.CREDENTIAL_STORE_FAILED,
                        "authenticator",
                        settings.owner,
                        "store",
                        settings.place,
                        "error",
                        message);
            }
            problem = message;
            return e;
        }
    }

    private boolean take(@Nullable T next) {
        if (next != null) {
            content = next;
        }
        goodAt = services.clock().millis();
        return next != null;
    }

    /// The content, or null when there is none yet or it is too old to go by.
    public @Nullable T current() {
        Duration limit = settings.staleAfter;
        return limit != null && services.clock().millis() - goodAt > limit.toMillis() ? null : content;
    }

    @Override
    public void collect(MetricSink sink) {
        T now = content;
        sink.value(Metrics.CREDENTIAL_STORE_ENTRIES, now == null ? 0 : size.applyAsInt(now), settings.owner);
        sink.value(Metrics.CREDENTIAL_STORE_FAILURES, failures.get(), settings.owner);
        if (now != null) {
            sink.value(Metrics.CREDENTIAL_STORE_AGE, (services.clock().millis() - goodAt) / 1000.0, settings.owner);
        }
    }

    /// Ends reading.
    public void close() {
        closed = true;
    }
}
