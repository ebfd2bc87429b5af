package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// The access log: one line per request.
///
/// Event loops hand over finished exchanges and never wait; one thread of its own encodes and writes. When that
/// thread does not keep up, or the destination takes nothing, lines are dropped and counted (threat LG-08). A line
/// is written at most a tenth of a second after its request ended.
public final class AccessLog implements Recorder, AutoCloseable, MetricSource {
    private static final int MALFORMED_CAPACITY = 1024;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final Ring<Exchange>[] rings;
    private final Ring<Malformed> malformed = new Ring<>(MALFORMED_CAPACITY);
    private final LongAdder leftOut = new LongAdder();
    private final AccessLogWriter writer;

    /// A request that could not be understood.
    record Malformed(ClientConnection connection, RequestFault fault, long epochMillis) {}

    /// Starts writing to `sink`, which it closes in the end.
    ///
    /// @param loops  how many event loops there are
    /// @param events is told when writing begins to fail and when it works again
    public AccessLog(AccessLogSettings settings, LogSink sink, int loops, EventLog events) {
        this.rings = rings(loops, settings.capacity());
        this.writer = new AccessLogWriter(settings, sink, rings, malformed, events);
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
        if (exchange.leftOut()) {
            leftOut.increment();
            return;
        }
        rings[exchange.loop()].offer(exchange);
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {
        malformed.offer(new Malformed(connection, fault, System.currentTimeMillis()));
    }

    /// Bugs are not requests: their exchange has a line anyway, and [BugLog] tells of them.
    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}

    /// Writes what was recorded so far and stops, within two seconds. To be taken out of use before, see
    /// [Recorders#replace].
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    /// Writes what was recorded so far and stops, within `deadline`.
    public void close(Duration deadline) {
        writer.close(deadline);
    }

    @Override
    public void collect(MetricSink target) {
        target.value(Metrics.ACCESS_LOG_LINES, writer.lines());
        target.value(Metrics.ACCESS_LOG_LEFT_OUT, leftOut.sum());
        target.value(Metrics.ACCESS_LOG_DROPPED, writer.dropped(), "queue-full");
        target.value(Metrics.ACCESS_LOG_DROPPED, writer.unencodable(), "unencodable");
        target.value(Metrics.ACCESS_LOG_WRITE_ERRORS, writer.errors());
    }
}
