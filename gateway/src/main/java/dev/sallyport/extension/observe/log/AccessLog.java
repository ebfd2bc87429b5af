package dev.sallyport.extension.observe.log;

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
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// The access log: one line per request, or per request of a [sample][Sampling], in one or several places.
///
/// Event loops hand over finished exchanges and never wait; for each place one thread of its own encodes and writes.
/// When
/// that thread does not keep up, or the destination takes nothing, lines are dropped and counted (threat LG-08). A
/// line is written at most a tenth of a second after its request ended.
public final class AccessLog implements Recorder, AutoCloseable, MetricSource {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    /// So that event loops do not write to the same cache line.
    private static final int STRIDE = 16;

    private final Sampling sampling;
    private final LogOutput[] outputs;

    /// How many had no line, counted by each event loop for itself.
    private final AtomicLongArray sampledOut;

    /// How many of them are in a line by now.
    private final long[] told;

    private final LongAdder leftOut = new LongAdder();

    /// A request that could not be understood.
    record Malformed(ClientConnection connection, RequestFault fault, long epochMillis) {}

    /// Starts writing every request to `sink`, which it closes in the end.
    ///
    /// @param loops  how many event loops there are
    /// @param events is told when writing begins to fail and when it works again
    public AccessLog(AccessLogSettings settings, LogSink sink, int loops, EventLog events) {
        this(settings, Sampling.ALL, Map.of("stdout", sink), loops, events);
    }

    /// Starts writing to `sinks`, which it closes in the end.
    ///
    /// @param sinks  by what metrics and events call them
    /// @param loops  how many event loops there are
    /// @param events is told when writing begins to fail and when it works again
    public AccessLog(
            AccessLogSettings settings, Sampling sampling, Map<String, LogSink> sinks, int loops, EventLog events) {
        this.sampling = sampling;
        this.sampledOut = new AtomicLongArray(loops * STRIDE);
        this.told = new long[loops * STRIDE];
        this.outputs = sinks.entrySet().stream()
                .map(sink -> new LogOutput(settings, sink.getKey(), sink.getValue(), loops, events))
                .toArray(LogOutput[]::new);
    }

    @Override
    public void record(Exchange exchange) {
        if (exchange.leftOut()) {
            leftOut.increment();
            return;
        }
        int mine = exchange.loop() * STRIDE;
        long without = sampledOut.getPlain(mine);
        if (!sampling.keeps(exchange)) {
            sampledOut.setOpaque(mine, without + 1);
            return;
        }
        if (without > told[mine]) {
            exchange.sampledOutBefore((int) Math.min(Integer.MAX_VALUE, without - told[mine]));
            told[mine] = without;
        }
        for (LogOutput output : outputs) {
            output.record(exchange);
        }
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {
        Malformed malformed = new Malformed(connection, fault, System.currentTimeMillis());
        for (LogOutput output : outputs) {
            output.record(malformed);
        }
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
        for (LogOutput output : outputs) {
            output.finish(deadline);
        }
        for (LogOutput output : outputs) {
            output.awaitEnd();
        }
    }

    @Override
    public void collect(MetricSink target) {
        target.value(Metrics.ACCESS_LOG_LEFT_OUT, leftOut.sum());
        long without = 0;
        for (int i = 0; i < sampledOut.length(); i += STRIDE) {
            without += sampledOut.getOpaque(i);
        }
        target.value(Metrics.ACCESS_LOG_SAMPLED_OUT, without);
        for (LogOutput output : outputs) {
            output.collect(target);
        }
    }
}
