package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.Exemplar;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// Counts requests: durations by route, method, status and reason; refusals, failures, bodies, upstreams.
///
/// Each event loop writes figures of its own without locks; they are added up when asked for. The number of series
/// is bounded whatever clients send (threat LG-05): labels come from the configuration and from closed sets.
public final class RequestMetrics implements Recorder, MetricSource {
    private static final int MOST_SERIES = 5_000;
    private static final double NANOS = 1e9;
    private static final String[] ACCESS = {"allow", "deny", "shadow-deny"};

    private final LoopMetrics[] loops;
    private final AtomicLongArray malformed = new AtomicLongArray(RequestFault.values().length);
    private final AtomicLong bugs = new AtomicLong();
    private volatile Kept routes = Kept.ALL;
    private volatile Kept upstreams = Kept.ALL;

    /// @param loops how many event loops there are
    public RequestMetrics(int loops) {
        this(loops, MOST_SERIES);
    }

    /// @param mostSeries how many combinations of route, method, status and reason a loop tells apart
    RequestMetrics(int loops, int mostSeries) {
        this.loops = new LoopMetrics[loops];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new LoopMetrics(mostSeries);
        }
    }

    @Override
    public void record(Exchange exchange) {
        loops[exchange.loop()].record(exchange, routes, upstreams);
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // an index of this process
    public void recordFault(ClientConnection connection, RequestFault fault) {
        malformed.incrementAndGet(fault.ordinal());
    }

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {
        bugs.incrementAndGet();
    }

    /// Lets go of the series of all other routes and upstreams; to be called when a new configuration has
    /// settled, so that requests begun under the old one have ended. From any thread.
    public void keep(Set<String> routeNames, Set<String> upstreamNames) {
        routes = Kept.only(routeNames);
        upstreams = Kept.only(upstreamNames);
    }

    @Override
    public void collect(MetricSink sink) {
        Map<List<String>, Distribution> served = new LinkedHashMap<>();
        Map<List<String>, Distribution> asked = new LinkedHashMap<>();
        Map<String, long[]> sums = new LinkedHashMap<>();
        Map<Metric, Map<List<String>, Long>> reasons = new HashMap<>();
        Map<String, Long> attempts = new LinkedHashMap<>();
        long overflowed = 0;
        for (LoopMetrics loop : loops) {
            loop.forEachRoute(routes, series -> route(series, served, sums, reasons));
            loop.forEachUpstream(upstreams, series -> {
                Series.Key key = series.key();
                asked.computeIfAbsent(List.of(key.owner(), status(key), errorType(key)), ignored -> new Distribution())
                        .add(series);
                attempts.merge(key.owner(), series.attempts(), Long::sum);
            });
            listeners(loop, sink);
            overflowed += loop.overflowed();
        }
        served.forEach((labels, sum) -> sum.state(sink, Metrics.SERVER_DURATION, labels));
        asked.forEach((labels, sum) -> sum.state(sink, Metrics.CLIENT_DURATION, labels));
        sums.forEach((route, sum) -> {
            sink.value(Metrics.REQUEST_BODY, sum[0], route);
            sink.value(Metrics.RESPONSE_BODY, sum[1], route);
            for (int i = 0; i < ACCESS.length; i++) {
                if (sum[2 + i] > 0) {
                    sink.value(Metrics.ACCESS_DECISIONS, sum[2 + i], route, ACCESS[i]);
                }
            }
        });
        reasons.forEach((metric, counts) ->
                counts.forEach((labels, count) -> sink.value(metric, count, labels.toArray(String[]::new))));
        attempts.forEach((upstream, count) -> sink.value(Metrics.UPSTREAM_ATTEMPTS, count, upstream));
        sink.value(Metrics.SERIES_OVERFLOWED, overflowed);
        sink.value(Metrics.BUGS, bugs.get());
        malformed(sink);
    }

    private static void route(
            Series series,
            Map<List<String>, Distribution> served,
            Map<String, long[]> sums,
            Map<Metric, Map<List<String>, Long>> reasons) {
        Series.Key key = series.key();
        List<String> labels = List.of(key.path(), key.owner(), key.method(), status(key), errorType(key));
        long count =
                served.computeIfAbsent(labels, ignored -> new Distribution()).add(series);
        long[] sum = sums.computeIfAbsent(key.owner(), ignored -> new long[2 + ACCESS.length]);
        sum[0] += series.requestBytes();
        sum[1] += series.responseBytes();
        sum[2] += series.allowed();
        sum[3] += series.denied();
        sum[4] += series.shadowDenied();
        String reason = key.reason();
        if (reason != null) {
            boolean refused = key.outcome() == Outcome.REFUSED;
            reasons.computeIfAbsent(refused ? Metrics.REFUSALS : Metrics.FAILURES, ignored -> new LinkedHashMap<>())
                    .merge(
                            refused ? List.of(key.owner(), reason, status(key)) : List.of(key.owner(), reason),
                            count,
                            Long::sum);
        }
    }

    private static String status(Series.Key key) {
        return key.status() == 0 ? "" : Integer.toString(key.status());
    }

    private static String errorType(Series.Key key) {
        String type = Outcome.errorType(key.outcome(), key.reason(), key.status());
        return type == null ? "" : type;
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    private static void listeners(LoopMetrics loop, MetricSink sink) {
        for (LoopMetrics.ListenerCount count : loop.listeners()) {
            for (HttpVersion version : HttpVersion.values()) {
                long requests = count.versions().get(version.ordinal());
                if (requests > 0) {
                    sink.value(Metrics.REQUESTS, requests, count.listener(), version.label());
                }
            }
        }
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    private void malformed(MetricSink sink) {
        for (RequestFault fault : RequestFault.values()) {
            sink.value(Metrics.MALFORMED, malformed.get(fault.ordinal()), fault.code());
        }
    }

    /// The histograms of several loops as one.
    private static final class Distribution {
        private final long[] counts = new long[Histogram.BOUNDS.length + 1];
        private final @Nullable Exemplar[] exemplars = new Exemplar[counts.length];
        private long nanos;

        /// Returns how many values `series` had.
        long add(Series series) {
            long[] own = new long[counts.length];
            series.durations().addCounts(own);
            long count = 0;
            for (int i = 0; i < own.length; i++) {
                counts[i] += own[i];
                count += own[i];
            }
            nanos += series.durations().sumNanos();
            series.durations().addExemplars(exemplars);
            return count;
        }

        void state(MetricSink sink, Metric metric, List<String> labels) {
            sink.histogram(metric, Histogram.BOUNDS, counts, nanos / NANOS, exemplars, labels.toArray(String[]::new));
        }
    }
}
