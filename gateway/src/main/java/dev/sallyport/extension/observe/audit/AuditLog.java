package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.exchange.Attribute;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.extension.observe.Ring;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// An audit log that is being written.
///
/// Event loops hand over finished exchanges and never wait; one thread of its own seals, writes and forces them to the
/// disk, at most a tenth of a second (and what the disk takes) after they ended. What does not fit is counted and lost,
/// which the log itself says; a request that must not be lost has its place kept from before it is decided about.
public final class AuditLog implements AutoCloseable, MetricSource {
    /// Enough for a quarter of a second at 30,000 requests a second.
    public static final int CAPACITY = 8192;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);
    private static final int NOTES = 4096;

    /// On exchanges whose place is kept: by which log.
    private static final Attribute<AuditLog> KEPT = Attribute.of("audit", AuditLog.class);

    private final Ring<Exchange>[] rings;
    private final Ring<Note> notes = new Ring<>(NOTES);
    /// How many places of each loop's ring are kept; each by its loop only.
    private final int[] kept;
    private final LongAdder crowdedOut = new LongAdder();
    private final AuditWriter writer;
    private volatile AuditSettings settings;

    /// What is told of an audit log.
    ///
    /// @param failing  whether it cannot be written
    /// @param sequence of the last entry on the disk
    /// @param hash     of the last entry on the disk
    public record State(boolean failing, long sequence, String hash) {}

    /// Starts writing to `file`, which it closes in the end.
    ///
    /// @param capacity how many finished requests per event loop may wait to be written
    /// @param events   is told when writing begins to fail and when it works again
    public AuditLog(AuditFile file, AuditSettings settings, int loops, int capacity, EventLog events) {
        this.rings = rings(loops, capacity);
        this.kept = new int[loops];
        this.settings = settings;
        this.writer = new AuditWriter(file, this, rings, notes, events);
        writer.start();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static Ring<Exchange>[] rings(int loops, int capacity) {
        Ring<Exchange>[] rings = new Ring[loops];
        for (int i = 0; i < loops; i++) {
            rings[i] = new Ring<>(capacity);
        }
        return rings;
    }

    /// Records other requests, or rotates otherwise, from now on.
    public void change(AuditSettings next) {
        settings = next;
    }

    /// Seals with another key from now on, in a new file.
    public void sealWith(Seal other) {
        writer.sealWith(other);
    }

    AuditSettings settings() {
        return settings;
    }

    /// Keeps a place for the record of `exchange`; false when nothing can be recorded now. On its loop.
    boolean keepPlace(Exchange exchange) {
        int loop = exchange.loop();
        if (writer.failing() || rings[loop].room() <= kept[loop]) {
            return false;
        }
        kept[loop]++;
        exchange.put(KEPT, this);
        return true;
    }

    /// Whether the record of `exchange` must be there by itself.
    static boolean isRequired(Exchange exchange) {
        return exchange.get(KEPT) != null;
    }

    /// Takes note of a finished exchange, where it is one to be recorded. On its loop.
    void record(Exchange exchange) {
        int loop = exchange.loop();
        AuditLog keeper = exchange.get(KEPT);
        if (keeper != null) {
            keeper.kept[loop]--;
        }
        AuditEntry kind = Judged.of(exchange);
        boolean recorded = switch (kind) {
            case null -> false;
            case ALLOWED -> keeper != null || settings.records(exchange.route());
            default -> true;
        };
        if (recorded) {
            if (keeper == this || rings[loop].room() > kept[loop]) {
                rings[loop].offer(exchange);
            } else {
                crowdedOut.increment();
            }
        }
    }

    /// Takes note of something else; from any thread.
    void note(Note note) {
        notes.offer(note);
    }

    /// How many entries were lost for want of room.
    long lost() {
        long lost = crowdedOut.sum();
        for (Ring<Exchange> ring : rings) {
            lost += ring.dropped();
        }
        return lost + notes.dropped();
    }

    public State state() {
        return writer.state();
    }

    @Override
    public void collect(MetricSink target) {
        State now = state();
        target.value(Metrics.AUDIT_LOG_ENTRIES, writer.entries());
        target.value(Metrics.AUDIT_LOG_COUNTED, writer.counted());
        target.value(Metrics.AUDIT_LOG_DROPPED, lost(), "queue-full");
        target.value(Metrics.AUDIT_LOG_DROPPED, writer.unencodable(), "unencodable");
        target.value(Metrics.AUDIT_LOG_WRITE_ERRORS, writer.errors());
        target.value(Metrics.AUDIT_LOG_FAILING, now.failing() ? 1 : 0);
        target.value(Metrics.AUDIT_LOG_SEQUENCE, now.sequence());
    }

    /// Writes what was recorded so far and stops, within two seconds. To be taken out of use before.
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    /// Writes what was recorded so far and stops, within `deadline`.
    public void close(Duration deadline) {
        writer.close(deadline);
    }
}
