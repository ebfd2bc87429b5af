package dev.sallyport.extension.authn.jose.source;

import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keys that are fetched: at the start, then again and again in the background, and once per cooldown when a token
/// names a key that is not there (threat JW-18).
///
/// A fetch that fails, or finds no keys, changes nothing until the last good keys are too old (JW-19); keys that are
/// gone from the set count no more at once (JW-20). One fetch at a time, on a virtual thread.
public final class RemoteKeys implements KeySource, LongLived, MetricSource {
    private static final long FIRST_RETRY_MILLIS = 1000;
    private static final long LAST_RETRY_MILLIS = 30_000;
    private static final int MOST_WAITING = 1000;
    private static final CompletionStage<?> TOO_MANY =
            CompletableFuture.failedStage(new IllegalStateException("too many wait for keys"));

    private final Owner owner;
    private final Settings settings;
    private final Supplier<KeySetFetch> fetching;
    private final Executor blocking;
    private final EventLog log;
    private final LongSupplier nanos;

    private final AtomicReference<@Nullable CompletableFuture<Boolean>> inFlight = new AtomicReference<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong nextRefetch;
    private final LongAdder fetched = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile @Nullable KeySet keys;
    private volatile long fetchedAt;
    private volatile boolean closed;
    private @Nullable KeySetFetch fetch;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private @Nullable String lastError;
    private List<String> lastProblems = List.of();

    /// Whose keys they are.
    ///
    /// @param name   the configured name of who uses them
    /// @param origin where they are from, for people
    public record Owner(String name, String origin) {}

    /// How keys are kept.
    ///
    /// @param every    how often they are fetched in the background
    /// @param cooldown least time between two fetches for missing keys
    /// @param keepFor  how long the last good ones are used when no newer ones can be had
    public record Settings(Duration every, Duration cooldown, Duration keepFor) {}

    /// Made without side effects; [#start()] fetches.
    ///
    /// @param owner    whose keys they are
    /// @param fetching makes what fetches them
    /// @param blocking where fetching waits
    public RemoteKeys(Owner owner, Settings settings, Supplier<KeySetFetch> fetching, Executor blocking, EventLog log) {
        this(owner, settings, fetching, blocking, log, System::nanoTime);
    }

    RemoteKeys(
            Owner owner,
            Settings settings,
            Supplier<KeySetFetch> fetching,
            Executor blocking,
            EventLog log,
            LongSupplier nanos) {
        this.owner = owner;
        this.settings = settings;
        this.fetching = fetching;
        this.blocking = blocking;
        this.log = log;
        this.nanos = nanos;
        this.nextRefetch = new AtomicLong(nanos.getAsLong());
    }

    /// Done when the first keys are there; fails when they could not be had.
    @Override
    public CompletionStage<?> start() {
        return fetchAndGoOn().thenAccept(good -> {
            if (!good) {
                throw new IllegalStateException("its keys could not be fetched");
            }
        });
    }

    private CompletionStage<Boolean> fetchAndGoOn() {
        return fetchNow().whenComplete((good, bug) -> {
            if (!closed) {
                long delay = Boolean.TRUE.equals(good) ? settings.every().toMillis() : nextRetry();
                CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS, blocking)
                        .execute(() -> {
                            if (!closed) {
                                fetchAndGoOn();
                            }
                        });
            }
        });
    }

    private long nextRetry() {
        long delay = retryMillis;
        retryMillis = Math.min(delay * 2, LAST_RETRY_MILLIS);
        return Math.min(delay, settings.every().toMillis());
    }

    @Override
    public @Nullable KeySet current() {
        return keys;
    }

    @Override
    public String origin() {
        return owner.origin();
    }

    @Override
    public @Nullable Instant learnt() {
        return keys == null ? null : Instant.now().minusNanos(nanos.getAsLong() - fetchedAt);
    }

    @Override
    public @Nullable Instant expires() {
        Instant learnt = learnt();
        return learnt == null ? null : learnt.plus(settings.keepFor());
    }

    @Override
    public @Nullable CompletionStage<?> refetch() {
        CompletableFuture<Boolean> running = inFlight.get();
        if (running == null) {
            long now = nanos.getAsLong();
            long next = nextRefetch.get();
            // claimed before the fetch, whatever comes of it
            boolean claimed = now - next >= 0
                    && nextRefetch.compareAndSet(next, now + settings.cooldown().toNanos());
            if (!claimed || closed) {
                return null;
            }
            running = fetchNow();
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return TOO_MANY;
        }
        return running.whenComplete((good, bug) -> waiting.decrementAndGet());
    }

    /// The fetch under way, or a new one; true when it brought keys.
    private CompletableFuture<Boolean> fetchNow() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> running = inFlight.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        blocking.execute(() -> {
            boolean good = false;
            try {
                good = !closed && fetchOnce();
            } catch (RuntimeException | Error bug) {
                log.failure(Event.INTERNAL_ERROR, bug, "authenticator", owner.name());
            } finally {
                inFlight.set(null);
                mine.complete(good);
            }
        });
        return mine;
    }

    private boolean fetchOnce() {
        KeySetFetch from = fetch;
        if (from == null) {
            from = fetching.get();
            fetch = from;
        }
        try {
            use(from.fetch());
            return true;
        } catch (IOException e) {
            failed.increment();
            String error = String.valueOf(e.getMessage());
            if (!error.equals(lastError)) {
                log.event(Event.KEYS_FAILED, "authenticator", owner.name(), "error", error, "keys", count());
                lastError = error;
            }
            dropWhenTooOld();
            return false;
        }
    }

    private void use(KeySetReader.Reading reading) {
        KeySet before = keys;
        KeySet next = before == null ? reading.keys() : before.replacedBy(reading.keys());
        keys = next;
        fetchedAt = nanos.getAsLong();
        fetched.increment();
        retryMillis = FIRST_RETRY_MILLIS;
        if (before == null || lastError != null || !before.keys().equals(next.keys())) {
            log.event(
                    Event.KEYS_LOADED,
                    "authenticator",
                    owner.name(),
                    "keys",
                    next.keys().size());
        }
        lastError = null;
        if (!reading.problems().equals(lastProblems)) {
            lastProblems = reading.problems();
            lastProblems.forEach(
                    problem -> log.event(Event.KEY_SKIPPED, "authenticator", owner.name(), "error", problem));
        }
    }

    private void dropWhenTooOld() {
        KeySet old = keys;
        if (old != null && nanos.getAsLong() - fetchedAt > settings.keepFor().toNanos()) {
            old.replacedBy(KeySet.EMPTY);
            keys = null;
            log.event(Event.KEYS_EXPIRED, "authenticator", owner.name());
        }
    }

    private int count() {
        KeySet known = keys;
        return known == null ? 0 : known.keys().size();
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.KEY_SET_FETCHES, fetched.sum(), owner.name(), "fetched");
        sink.value(Metrics.KEY_SET_FETCHES, failed.sum(), owner.name(), "failed");
    }

    @Override
    public void close() {
        closed = true;
        CompletableFuture<Boolean> running = inFlight.get();
        if (running == null) {
            closeFetch();
        } else {
            running.whenComplete((good, bug) -> closeFetch());
        }
    }

    private void closeFetch() {
        KeySetFetch from = fetch;
        if (from != null) {
            blocking.execute(from::close);
        }
    }
}
