package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.access.Revoker;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.controlplane.config.RevocationConfig;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps [LiveRevocations] up to date: looks at the list file and at what operators of all gateways and clients of
/// token services said, again and again, and tells when anything changed.
///
/// When a source cannot be read, what was last read of it counts until `fail-closed-after`; the time is watched by a
/// thread that itself reads nothing, so that a file system which hangs does not stop it.
public final class RevocationWatch implements Revoker, MetricSource, AutoCloseable {
    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final double NANOS = 1e9;

    private final LiveRevocations live;
    private final NoteStore notes;
    private final NoteStore tokenNotes;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final EventLog log;
    private final Runnable onChange;
    private final Source noted;
    private final Source tokens;
    private final AtomicBoolean reading = new AtomicBoolean();
    private final Semaphore closing = new Semaphore(0);
    private volatile @Nullable Settings settings;
    private List<Revocation> published = List.of();
    private @Nullable Thread thread;

    /// What it works by, with the source that the configured list is.
    private record Settings(
            RevocationConfig config, @Nullable Source list) {}

    /// A configuration whose sources were read once.
    public final class Prepared {
        private final Settings next;

        private Prepared(Settings next) {
            this.next = next;
        }

        /// Goes by it from now on.
        public void use() {
            settings = next;
            publish();
            if (thread == null) {
                thread = Thread.ofVirtual().name("revocations").start(RevocationWatch.this::run);
            }
        }
    }

    /// @param onChange told, after event loops see it, that something else is revoked now
    public RevocationWatch(LiveRevocations live, Services services, EventLog log, Runnable onChange) {
        this(live, services, log, onChange, System::nanoTime);
    }

    RevocationWatch(LiveRevocations live, Services services, EventLog log, Runnable onChange, LongSupplier nanoTime) {
        this.live = live;
        Path folder = services.folder().resolve("revocations");
        this.notes = new NoteStore(services.state(), "revocations", folder, services.clock());
        // apart, so that clients cannot use up the room of operators
        this.tokenNotes = new NoteStore(services.state(), "revoked-tokens", folder.resolve("tokens"), services.clock());
        this.clock = services.clock();
        this.nanoTime = nanoTime;
        this.log = log;
        this.onChange = onChange;
        this.noted = new Source("operators", notes::all, log, nanoTime);
        this.tokens = new Source("clients", tokenNotes::all, log, nanoTime);
    }

    /// Reads what `config` names and what is not in use already.
    ///
    /// @throws IOException it cannot be read or understood, and nothing was changed; the message says why
    public Prepared prepare(RevocationConfig config) throws IOException {
        Settings now = settings;
        if (now == null) {
            noted.begin();
            tokens.begin();
        }
        Path file = config.list();
        Source list = null;
        if (file != null && now != null && file.equals(now.config.list())) {
            list = now.list;
        } else if (file != null) {
            ListFile read = new ListFile(file);
            list = new Source("list", read::entries, log, nanoTime);
            list.read();
        }
        return new Prepared(new Settings(config, list));
    }

    private void run() {
        long checkedAt = nanoTime.getAsLong();
        while (true) {
            Settings now = settings;
            if (now == null) {
                return;
            }
            long every = now.config.checkEvery().toNanos();
            try {
                long left = checkedAt + every - nanoTime.getAsLong();
                // while a reading takes longer than it should, to look without a pause would keep the processor from
                // who reads
                long pause = Math.clamp(left, LEAST_PAUSE_NANOS, TICK.toNanos());
                if (closing.tryAcquire(pause, TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
            if (nanoTime.getAsLong() - checkedAt >= every && reading.compareAndSet(false, true)) {
                checkedAt = nanoTime.getAsLong();
                Thread.ofVirtual().name("revocations-read").start(this::check);
            }
            publish();
        }
    }

    /// Reads every source and puts what changed into use.
    private void check() {
        try {
            noted.refresh();
            tokens.refresh();
            Settings now = settings;
            if (now != null && now.list != null) {
                now.list.refresh();
            }
            publish();
        } finally {
            reading.set(false);
        }
    }

    /// Has event loops know what was last read.
    private void publish() {
        if (replaced()) {
            onChange.run();
        }
    }

    private synchronized boolean replaced() {
        List<Revocation> all = new ArrayList<>(noted.last());
        all.addAll(tokens.last());
        Settings now = settings;
        if (now != null && now.list != null) {
            all.addAll(now.list.last());
        }
        boolean outdated =
                now != null && age(now) > now.config.failClosedAfter().toNanos();
        boolean same =
                all.equals(published) && clock.instant().isBefore(live.index().nextEnd());
        if (same && outdated == live.outdated()) {
            return false;
        }
        if (outdated && !live.outdated() && now != null) {
            log.event(Event.REVOCATION_UNKNOWN, "limit", now.config.failClosedAfter());
        }
        RevocationIndex index = same ? live.index() : new RevocationIndex(all, clock.instant());
        boolean other = !same && (index.size() > 0 || live.index().size() > 0);
        live.replace(index, outdated);
        published = all;
        if (other) {
            log.event(Event.REVOCATIONS_CHANGED, "entries", index.size());
        }
        return other;
    }

    private long age(Settings now) {
        long told = Math.max(noted.age(), tokens.age());
        return now.list == null ? told : Math.max(told, now.list.age());
    }

    /// Revokes, here at once and at other gateways when they next look; survives a restart when this returns.
    ///
    /// @throws IOException it could not be kept or told
    public void revoke(Revocation revocation) throws IOException {
        note(revocation, false);
        log.event(Event.REVOKED, "id", revocation.id(), "what", revocation, "reason", revocation.reason());
    }

    /// Takes back what an operator revoked; false when there is no such thing. What the list file says stays.
    ///
    /// @throws IOException it could not be kept or told
    public boolean undo(String id) throws IOException {
        noted.read();
        for (Revocation one : noted.last()) {
            if (one.id().equals(id)) {
                note(one, true);
                log.event(Event.REVOCATION_UNDONE, "id", id, "what", one);
                return true;
            }
        }
        return false;
    }

    private void note(Revocation revocation, boolean undone) throws IOException {
        notes.note(revocation, undone, null);
        noted.read();
        publish();
    }

    @Override
    public void revoke(IssuedToken token) throws IOException {
        Revocation revocation = new Revocation(
                token.id(), null, null, null, null, token.issuer(), null, token.ends(), "revoked by " + token.client());
        tokenNotes.note(revocation, false, token.client());
        tokens.read();
        publish();
        log.event(Event.REVOKED, "id", revocation.id(), "what", revocation, "reason", revocation.reason());
    }

    /// What operators revoked.
    List<Revocation> byOperators() {
        return noted.last();
    }

    /// What clients revoked of what was issued to them here.
    List<Revocation> byClients() {
        return tokens.last();
    }

    /// What the list file says.
    List<Revocation> byList() {
        Settings now = settings;
        return now == null || now.list == null ? List.of() : now.list.last();
    }

    /// How long ago everything was last read.
    Duration age() {
        Settings now = settings;
        return now == null ? Duration.ZERO : Duration.ofNanos(age(now));
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.REVOCATION_ENTRIES, byList().size(), "list");
        sink.value(Metrics.REVOCATION_ENTRIES, byOperators().size(), "operators");
        sink.value(Metrics.REVOCATION_ENTRIES, byClients().size(), "clients");
        sink.value(Metrics.REVOCATION_AGE, age().toNanos() / NANOS);
        sink.value(Metrics.REVOCATION_FOUND, live.found());
    }

    @Override
    public void close() {
        closing.release();
    }
}
