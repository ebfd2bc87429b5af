package dev.sallyport.extension.observe.log;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.Ring;
import dev.sallyport.extension.observe.payload.Capture;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.JsonLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The thread of an [AccessLog] that takes requests out of the rings, encodes and writes them.
@OffLoop("a thread of its own")
final class AccessLogWriter {
    private static final int BATCH = 64 * 1024;
    private static final int BUFFER = BATCH + 16 * 1024;
    private static final long BUSY_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long IDLE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long WRITE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long RETRY_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int QUIET_ROUNDS = 3;

    private final String name;
    private final Ring<Exchange>[] rings;
    private final Ring<AccessLog.Malformed> malformed;
    private final LineEncoder encoder;
    private final LogSink sink;
    private final EventLog events;
    private final JsonLine lines = new JsonLine(BUFFER);
    private final Thread thread;
    private long writtenAt = System.nanoTime();

    /// The ring to be drained first, another one each time: a busy one must not starve the others.
    private int first;

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
    AccessLogWriter(
            AccessLogSettings settings,
            String name,
            LogSink sink,
            Ring<Exchange>[] rings,
            Ring<AccessLog.Malformed> malformed,
            EventLog events) {
        this.name = name;
        this.rings = rings;
        this.malformed = malformed;
        this.encoder = new LineEncoder(settings);
        this.sink = sink;
        this.events = events;
        this.thread =
                Thread.ofPlatform().name("access-log-" + name).daemon(true).unstarted(this::run);
        thread.start();
    }

    private void run() {
        int quiet = 0;
        while (quiet < QUIET_ROUNDS && !(closing && System.nanoTime() - closeBy >= 0)) {
            boolean drained = drain();
            boolean due = !drained || System.nanoTime() - writtenAt >= WRITE_AFTER_NANOS;
            boolean full = lines.length() >= BATCH;
            boolean stuck = (due || full) && !write();
            // An event loop that has just taken this log may still be about to hand over its last request.
            quiet = closing && !drained && !stuck ? quiet + 1 : 0;
            if (stuck) {
                LockSupport.parkNanos(RETRY_AFTER_NANOS);
            } else if (!full) {
                // after a full batch there may be more, and to wait would be to fall behind
                LockSupport.parkNanos(drained || closing ? BUSY_WAIT_NANOS : IDLE_WAIT_NANOS);
            }
        }
        try {
            sink.close();
        } catch (IOException e) {
            failed(e);
        }
        for (Ring<Exchange> ring : rings) {
            Exchange left;
            while ((left = ring.poll()) != null) {
                letGo(left);
            }
        }
    }

    /// Encodes what waits until a batch is full; whether there was anything.
    private boolean drain() {
        boolean any = false;
        first = first + 1 == rings.length ? 0 : first + 1;
        for (int i = 0; i < rings.length; i++) {
            Ring<Exchange> ring = rings[(first + i) % rings.length];
            Exchange exchange;
            while (lines.length() < BATCH && (exchange = ring.poll()) != null) {
                any = true;
                int start = lines.length();
                try {
                    encoder.encode(exchange, lines);
                    encoded++;
                } catch (RuntimeException e) {
                    spoiled(start, e);
                } finally {
                    letGo(exchange);
                }
            }
        }
        AccessLog.Malformed fault;
        while (lines.length() < BATCH && (fault = malformed.poll()) != null) {
            any = true;
            encoder.encode(fault, lines);
            encoded++;
        }
        return any;
    }

    private static void letGo(Exchange exchange) {
        if (exchange.tap() instanceof Capture capture) {
            capture.letGo();
        }
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
            events.event(Event.ACCESS_LOG_FAILING, "to", name, "problem", problem);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            events.event(Event.ACCESS_LOG_RECOVERED, "to", name, "dropped", dropped());
        }
    }

    /// How many requests did not fit in the rings.
    long dropped() {
        long dropped = malformed.dropped();
        for (Ring<Exchange> ring : rings) {
            dropped += ring.dropped();
        }
        return dropped;
    }

    /// How many lines were written.
    long lines() {
        return lineCount;
    }

    /// How often writing failed.
    long errors() {
        return errorCount;
    }

    /// How many lines a bug has cost.
    long unencodable() {
        return unencodable;
    }

    /// Begins to write what is in the rings and then to stop, within `deadline`.
    void finish(Duration deadline) {
        closeBy = System.nanoTime() + deadline.toNanos();
        closing = true;
        LockSupport.unpark(thread);
    }

    /// Waits until it stopped, as long as it was given; has a write that hangs fail then.
    void awaitEnd() {
        try {
            if (!thread.join(Duration.ofNanos(Math.max(1, closeBy - System.nanoTime())))) {
                sink.abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
