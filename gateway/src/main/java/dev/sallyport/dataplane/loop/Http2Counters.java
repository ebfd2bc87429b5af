package dev.sallyport.dataplane.loop;

import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one loop's HTTP/2 connections count. Written on that loop, read by any thread.
public final class Http2Counters implements MetricSource {
    private static final String[] REASONS = {
        "no_error",
        "protocol_error",
        "internal_error",
        "flow_control_error",
        "settings_timeout",
        "stream_closed",
        "frame_size_error",
        "refused_stream",
        "cancel",
        "compression_error",
        "connect_error",
        "enhance_your_calm"
    };
    private static final int STREAMS = 0;
    private static final int RESETS_RECEIVED = 1;
    private static final int RESETS_SENT = 2;
    private static final int GOAWAYS = 3;
    private static final int PER_SIDE = GOAWAYS + REASONS.length;

    private final String loop;
    private final AtomicLongArray counts = new AtomicLongArray(2 * PER_SIDE);

    Http2Counters(int loop) {
        this.loop = Integer.toString(loop);
    }

    private void count(boolean server, int what) {
        int index = (server ? 0 : PER_SIDE) + what;
        // one writer: no read-modify-write is needed
        counts.setOpaque(index, counts.getPlain(index) + 1);
    }

    /// A stream was opened.
    ///
    /// @param server whether on a client's connection, else on one to an endpoint
    public void streamOpened(boolean server) {
        count(server, STREAMS);
    }

    public void resetReceived(boolean server) {
        count(server, RESETS_RECEIVED);
    }

    public void resetSent(boolean server) {
        count(server, RESETS_SENT);
    }

    /// The gateway ended a connection.
    ///
    /// @param code of RFC 9113 §7, as sent
    public void goAwaySent(boolean server, int code) {
        count(server, GOAWAYS + Math.min(code, REASONS.length - 1));
    }

    @Override
    public void collect(MetricSink sink) {
        collect(sink, "client", 0);
        collect(sink, "upstream", PER_SIDE);
    }

    private void collect(MetricSink sink, String side, int from) {
        sink.value(Metrics.HTTP2_STREAMS, (double) counts.getOpaque(from + STREAMS), loop, side);
        sink.value(Metrics.HTTP2_RESETS, (double) counts.getOpaque(from + RESETS_RECEIVED), loop, side, "received");
        sink.value(Metrics.HTTP2_RESETS, (double) counts.getOpaque(from + RESETS_SENT), loop, side, "sent");
        for (int i = 0; i < REASONS.length; i++) {
            sink.value(Metrics.HTTP2_GOAWAYS, (double) counts.getOpaque(from + GOAWAYS + i), loop, side, REASONS[i]);
        }
    }
}
