package dev.sallyport.extension.observe.log;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The latest requests that were refused or went wrong, for people who look.
///
/// Each event loop keeps a few hundred, and of one second no more than a few, so that a flood neither costs anything
/// nor pushes all others out at once. Lines are made when somebody asks, with what the access log hides hidden too.
public final class RecentRefusals implements Recorder {
    private static final int KEPT = 256;
    private static final int A_SECOND = 16;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Loop[] loops;
    private volatile AccessLogSettings settings = new AccessLogSettings(
            AccessLogSettings.Format.OTEL, List.of(), List.of(), List.of(), AccessLogSettings.CAPACITY);

    /// What one event loop keeps; written by it alone.
    private static final class Loop {
        private final AtomicReferenceArray<Exchange> kept = new AtomicReferenceArray<>(KEPT);
        private int next;
        private long second = Long.MIN_VALUE;
        private int ofSecond;

        void keep(Exchange exchange) {
            long now = Math.floorDiv(exchange.endedAt(), SECOND);
            if (now != second) {
                second = now;
                ofSecond = 0;
            }
            if (ofSecond < A_SECOND) {
                ofSecond++;
                kept.setRelease(next, exchange);
                next = (next + 1) % KEPT;
            }
        }
    }

    /// @param loops how many event loops there are
    public RecentRefusals(int loops) {
        this.loops = new Loop[loops];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new Loop();
        }
    }

    /// From now on, hides the values of these header fields and query parameters.
    public void hide(List<String> headers, List<String> parameters) {
        settings = new AccessLogSettings(
                AccessLogSettings.Format.OTEL, List.of(), headers, parameters, AccessLogSettings.CAPACITY);
    }

    @Override
    public void record(Exchange exchange) {
        Failure failure = exchange.failure();
        boolean refused = exchange.refusal() != null || exchange.status() >= 500;
        if (refused || (failure != null && failure != Failure.CLIENT_CLOSED)) {
            loops[exchange.loop()].keep(exchange);
        }
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {
        // there is no exchange to show; the metrics count them
    }

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {
        // recorded as the failure that it is
    }

    /// The latest of them as JSON lines of the access log, newest first. Any thread.
    ///
    /// @param most how many at most
    public List<String> lines(int most) {
        List<Exchange> found = new ArrayList<>();
        for (Loop loop : loops) {
            for (int i = 0; i < KEPT; i++) {
                Exchange exchange = loop.kept.getAcquire(i);
                if (exchange != null) {
                    found.add(exchange);
                }
            }
        }
        found.sort(Comparator.comparingLong(Exchange::startedAtEpochMillis).reversed());
        LineEncoder encoder = new LineEncoder(settings);
        List<String> lines = new ArrayList<>();
        JsonLine line = new JsonLine(1024);
        for (Exchange exchange : found.subList(0, Math.min(most, found.size()))) {
            line.truncate(0);
            encoder.encode(exchange, line);
            lines.add(new String(line.bytes(), 0, line.length() - 1, StandardCharsets.UTF_8));
        }
        return lines;
    }
}
