package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.Ring;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.JsonLine;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The thread of an [AuditLog]: takes entries out of the rings, seals them, and puts them on the disk batch by batch. A
/// batch that could not be written is tried again, unchanged, until it is.
@OffLoop("a thread of its own")
final class AuditWriter {
    private static final int BATCH = 256 * 1024;
    private static final int BUFFER = BATCH + 32 * 1024;
    private static final long BUSY_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long IDLE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long WRITE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long RETRY_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int QUIET_ROUNDS = 3;

    private final AuditFile file;
    private final AuditFiling filing;
    private final AuditLog log;
    private final Ring<Exchange>[] rings;
    private final Ring<Note> notes;
    private final EventLog events;
    private final Flood flood = new Flood();
    private final AuditEncoder encoder = new AuditEncoder();
    private final JsonLine lines = new JsonLine(BUFFER);
    private final Thread thread;
    private long writtenAt = System.nanoTime();

    /// The ring to be drained first, another one each time: a busy one must not starve the others.
    private int first;

    private boolean begun;
    private long lostBefore;
    private boolean losing;
    private volatile boolean closing;
    private volatile long closeBy;

    // Written by the writing thread only.
    private volatile boolean failing;
    private volatile AuditLog.State state;
    private volatile long entryCount;
    private volatile long errorCount;
    private volatile long unencodable;
    private volatile long counted;

    AuditWriter(AuditFile file, AuditLog log, Ring<Exchange>[] rings, Ring<Note> notes, EventLog events) {
        this.file = file;
        this.log = log;
        this.rings = rings;
        this.notes = notes;
        this.events = events;
        this.filing = new AuditFiling(file, events, this::add);
        this.state =
                new AuditLog.State(false, file.chain().sequence(), file.chain().hex());
        this.thread = Thread.ofPlatform().name("audit-log").daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        int quiet = 0;
        boolean stuck = false;
        while (quiet < QUIET_ROUNDS && !(closing && System.nanoTime() - closeBy >= 0)) {
            boolean drained = false;
            if (lines.length() == 0) {
                stuck = !ready();
            }
            if (!stuck) {
                drained = drain();
            }
            boolean full = lines.length() >= BATCH;
            boolean due = !drained || System.nanoTime() - writtenAt >= WRITE_AFTER_NANOS;
            stuck = (stuck && lines.length() == 0) || ((due || full) && !write(false));
            // An event loop that has just taken this log may still be about to hand over its last request.
            quiet = closing && !drained && !stuck ? quiet + 1 : 0;
            if (stuck) {
                LockSupport.parkNanos(RETRY_AFTER_NANOS);
                stuck = lines.length() > 0;
            } else if (!full) {
                // after a full batch there may be more, and to wait would be to fall behind
                LockSupport.parkNanos(drained || closing ? BUSY_WAIT_NANOS : IDLE_WAIT_NANOS);
            }
        }
        end(stuck);
    }

    /// Gets the file ready for the next batch; false when that failed.
    private boolean ready() {
        try {
            if (begun) {
                filing.betweenBatches(log.settings());
            } else {
                file.begin();
                begun = true;
                filing.opened();
            }
        } catch (IOException e) {
            failed(e);
            return false;
        }
        countLost();
        flood.tellWhenDue(System.nanoTime(), this::add);
        return true;
    }

    private void end(boolean stuck) {
        if (begun && !stuck && ready()) {
            flood.tell(this::add);
            add(Note.now(AuditEntry.CLOSED.code()));
            write(true);
        }
        events.event(
                Event.AUDIT_LOG_CLOSED,
                "file",
                file.path(),
                "audit_log.sequence",
                state.sequence(),
                "audit_log.hash",
                state.hash());
        try {
            file.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    /// Encodes what waits until a batch is full; whether there was anything. What operators did comes first: a flood
    /// of requests must not push it out.
    private boolean drain() {
        boolean any = false;
        Note note;
        while (lines.length() < BATCH && (note = notes.poll()) != null) {
            any = true;
            add(note);
        }
        first = first + 1 == rings.length ? 0 : first + 1;
        for (int i = 0; i < rings.length; i++) {
            Ring<Exchange> ring = rings[(first + i) % rings.length];
            Exchange exchange;
            while (lines.length() < BATCH && (exchange = ring.poll()) != null) {
                any = true;
                add(exchange);
            }
        }
        return any;
    }

    private void add(Note note) {
        int start = lines.length();
        try {
            encoder.encode(note, lines, file.chain());
        } catch (RuntimeException e) {
            spoiled(start, e);
        }
    }

    private void add(Exchange exchange) {
        int start = lines.length();
        try {
            AuditEntry kind = Judged.of(exchange);
            AuditEntry told = kind == null ? AuditEntry.UNDECIDED : kind;
            if (isAlone(exchange, told)) {
                encoder.encode(exchange, told, lines, file.chain());
            }
        } catch (RuntimeException e) {
            spoiled(start, e);
        }
    }

    /// Whether it is written by itself, and not counted among others that are alike.
    private boolean isAlone(Exchange exchange, AuditEntry kind) {
        boolean refused = kind == AuditEntry.DENIED || kind == AuditEntry.UNDECIDED;
        if (!refused || AuditLog.isRequired(exchange) || flood.letsThrough(exchange, System.nanoTime())) {
            return true;
        }
        counted = flood.counted();
        return false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void spoiled(int start, RuntimeException bug) {
        lines.truncate(start);
        if (unencodable++ == 0) {
            events.failure(Event.INTERNAL_ERROR, bug, "in", "audit log");
        }
    }

    private void countLost() {
        long lost = log.lost() + unencodable;
        long more = lost - lostBefore;
        if (more > 0) {
            lostBefore = lost;
            add(Note.now(AuditEntry.LOST.code(), "entries", more));
            if (!losing) {
                events.event(Event.AUDIT_LOG_LOST, "entries", more);
            }
        }
        losing = more > 0;
    }

    /// Puts everything encoded on the disk; false when that failed.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private boolean write(boolean last) {
        writtenAt = System.nanoTime();
        if (lines.length() == 0) {
            return true;
        }
        Chain chain = file.chain();
        try {
            file.write(lines, chain.sequence(), chain.hash(), last);
        } catch (IOException e) {
            failed(e);
            return false;
        }
        lines.truncate(0);
        entryCount += chain.sequence() - state.sequence();
        boolean recovered = failing;
        failing = false;
        state = new AuditLog.State(false, chain.sequence(), chain.hex());
        if (recovered) {
            events.event(Event.AUDIT_LOG_RECOVERED, "file", file.path(), "lost", log.lost());
        }
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void failed(IOException problem) {
        errorCount++;
        if (!failing) {
            failing = true;
            state = new AuditLog.State(true, state.sequence(), state.hash());
            events.event(Event.AUDIT_LOG_FAILING, "file", file.path(), "problem", problem);
        }
    }

    void sealWith(Seal other) {
        filing.sealWith(other);
    }

    /// Whether entries cannot be written at the moment.
    boolean failing() {
        return failing;
    }

    AuditLog.State state() {
        return state;
    }

    /// How many entries are on the disk since the start.
    long entries() {
        return entryCount;
    }

    /// How many refusals were counted and not written by themselves.
    long counted() {
        return counted;
    }

    /// How often writing failed.
    long errors() {
        return errorCount;
    }

    /// How many entries a bug has cost.
    long unencodable() {
        return unencodable;
    }

    /// Writes what is in the rings and stops, within `deadline`.
    void close(Duration deadline) {
        closeBy = System.nanoTime() + deadline.toNanos();
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
