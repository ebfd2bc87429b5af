package dev.sallyport.extension.observe.log;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.extension.observe.Ring;
import dev.sallyport.extension.observe.payload.Capture;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;

/// One destination of an [AccessLog], with queues and a thread of its own: whatever becomes of it, neither requests
/// nor other destinations notice.
final class LogOutput {
    private static final int MALFORMED_CAPACITY = 1024;

    private final String name;
    private final LogSink sink;
    private final Ring<Exchange>[] rings;
    private final Ring<AccessLog.Malformed> malformed = new Ring<>(MALFORMED_CAPACITY);
    private final AccessLogWriter writer;

    /// Starts writing to `sink`, which it closes in the end.
    ///
    /// @param name what metrics and events call it
    LogOutput(AccessLogSettings settings, String name, LogSink sink, int loops, EventLog events) {
        this.name = name;
        this.sink = sink;
        this.rings = rings(loops, settings.capacity());
        AccessLogSettings mine = sink.wantsOpenTelemetryNames() ? settings.inOpenTelemetryNames() : settings;
        this.writer = new AccessLogWriter(mine, name, sink, rings, malformed, events);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static Ring<Exchange>[] rings(int loops, int capacity) {
        Ring<Exchange>[] rings = new Ring[loops];
        for (int i = 0; i < loops; i++) {
            rings[i] = new Ring<>(capacity);
        }
        return rings;
    }

    void record(Exchange exchange) {
        if (exchange.tap() instanceof Capture capture) {
            capture.hold();
            if (!rings[exchange.loop()].offer(exchange)) {
                capture.letGo();
            }
        } else {
            rings[exchange.loop()].offer(exchange);
        }
    }

    void record(AccessLog.Malformed fault) {
        malformed.offer(fault);
    }

    void finish(Duration deadline) {
        writer.finish(deadline);
    }

    void awaitEnd() {
        writer.awaitEnd();
    }

    void collect(MetricSink target) {
        target.value(Metrics.ACCESS_LOG_LINES, writer.lines(), name);
        target.value(Metrics.ACCESS_LOG_DROPPED, writer.dropped(), name, "queue-full");
        target.value(Metrics.ACCESS_LOG_DROPPED, writer.unencodable(), name, "unencodable");
        target.value(Metrics.ACCESS_LOG_DROPPED, sink.lost(), name, "not-taken");
        target.value(Metrics.ACCESS_LOG_WRITE_ERRORS, writer.errors(), name);
        LogSink.Disk disk = sink.disk();
        if (disk != null) {
            target.value(Metrics.ACCESS_LOG_DISK_USED, disk.used(), name);
            target.value(Metrics.ACCESS_LOG_DISK_FREE, disk.free(), name);
        }
    }
}
