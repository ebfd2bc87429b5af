package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The access log: one line per request.
///
/// Event loops hand over finished exchanges and never wait; one thread of its own encodes and writes. When that thread
/// does not keep up, or the destination takes nothing, lines are dropped and counted (threat LG-08). A line is written
/// at most a tenth of a second after its request ended.
public final class AccessLog implements Recorder, AutoCloseable, MetricSource {
    private static final int MALFORMED_CAPACITY = 1024;
    private static final int BATCH = 64 * 1024;
    private static final int BUFFER = BATCH + 16 * 1024;
    private static final long BUSY_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long IDLE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long WRITE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long RETRY_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    /// A request that could not be understood.
    record Malformed(ClientConnection connection, RequestFault fault, long epochMillis) {}

    private final Ring<Exchange>[] rings;
    private final Ring<Malformed> malformed = new Ring<>(MALFORMED_CAPACITY);
    private final LineEncoder encoder;
    private final LogSink sink;
    private final EventLog events;
    private final JsonLine lines = new JsonLine(BUFFER);
    private final Thread writer;
    private long writtenAt = System.nanoTime();

    /// How much of the lines a failed write has taken.
    private int offset;

    /// How many lines wait in the buffer.
    private int encoded;

    private boolean failing;
    private volatile boolean closing;
    private volatile long closeBy;

    // Written by the writing thread only.
    private volatile long lineCount;
    private volatile long errorCount;
    private volatile long unencodable;

    /// Starts writing to `sink`, which it closes in the end.
    ///
    /// @param loops  how many event loops there are
    /// @param events is told when writing begins to fail and when it works again
    public AccessLog(AccessLogSettings settings, LogSink sink, int loops, EventLog events) {
        this.rings = rings(loops, settings.capacity());
        this.encoder = new LineEncoder(settings);
        this.sink = sink;
        this.events = events;
        this.writer = Thread.ofPlatform().name("access-log").daemon(true).unstarted(this::run);
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

    @Override
    public void record(Exchange exchange) {
        rings[exchange.loop()].offer(exchange);
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {
        malformed.offer(new Malformed(connection, fault, System.currentTimeMillis()));
    }

    /// Bugs are not requests: their exchange has a line anyway, and [BugLog] tells of them.
    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}

    private void run() {
        boolean last;
        do {
            // Read before draining, so that what was recorded before close() is among what is drained last.
            last = closing;
            boolean drained = drain();
            boolean due = last || !drained || System.nanoTime() - writtenAt >= WRITE_AFTER_NANOS;
            boolean stuck = (due || lines.length() >= BATCH) && !write();
            if (stuck) {
                LockSupport.parkNanos(RETRY_AFTER_NANOS);
            } else if (lines.length() < BATCH && !last) {
                LockSupport.parkNanos(drained ? BUSY_WAIT_NANOS : IDLE_WAIT_NANOS);
            }
            last = last && ((!drained && !stuck) || System.nanoTime() - closeBy >= 0);
        } while (!last);
        try {
            sink.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    /// Encodes what waits until a batch is full; whether there was anything.
    private boolean drain() {
        boolean any = false;
        for (Ring<Exchange> ring : rings) {
            Exchange exchange;
            while (lines.length() < BATCH && (exchange = ring.poll()) != null) {
                any = true;
                int start = lines.length();
                try {
                    encoder.encode(exchange, lines);
                    encoded++;
                } catch (RuntimeException e) {
                    spoiled(start, e);
                }
            }
        }
        Malformed fault;
        while (lines.length() < BATCH && (fault = malformed.poll()) != null) {
            any = true;
            encoder.encode(fault, lines);
            encoded++;
        }
        return any;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void spoiled(int start, RuntimeException bug) {
        lines.truncate(start);
        if (unencodable++ == 0) {
            events.failure(Event.INTERNAL_ERROR, bug, "in", "access log");
        }
    }

    /// Writes everything encoded; false when the destination did not take it all.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private boolean write() {
        writtenAt = System.nanoTime();
        int length = lines.length();
        if (length == 0) {
            return true;
        }
        ByteBuffer buffer = ByteBuffer.wrap(lines.bytes(), 0, length).position(offset);
        try {
            sink.write(buffer);
            recovered();
        } catch (IOException e) {
            failed(e);
        }
        offset = buffer.position();
        if (offset < length) {
            return false;
        }
        offset = 0;
        lines.truncate(0);
        lineCount += encoded;
        encoded = 0;
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void failed(IOException problem) {
        errorCount++;
        if (!failing) {
            failing = true;
            events.event(Event.ACCESS_LOG_FAILING, "problem", problem);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            events.event(Event.ACCESS_LOG_RECOVERED, "dropped", dropped());
        }
    }

    private long dropped() {
        long dropped = malformed.dropped();
        for (Ring<Exchange> ring : rings) {
            dropped += ring.dropped();
        }
        return dropped;
    }

    /// Writes what was recorded so far and stops, within two seconds. To be taken out of use before, see
    /// [Recorders#replace].
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    /// Writes what was recorded so far and stops, within `deadline`.
    public void close(Duration deadline) {
        closeBy = System.nanoTime() + deadline.toNanos();
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void collect(MetricSink target) {
        target.value(Metrics.ACCESS_LOG_LINES, lineCount);
        target.value(Metrics.ACCESS_LOG_DROPPED, dropped(), "queue-full");
        target.value(Metrics.ACCESS_LOG_DROPPED, unencodable, "unencodable");
        target.value(Metrics.ACCESS_LOG_WRITE_ERRORS, errorCount);
    }
}
