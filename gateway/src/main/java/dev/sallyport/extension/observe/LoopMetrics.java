package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.TraceContext.Attempt;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.telemetry.Metrics;
import java.util.Arrays;
import java.util.function.Consumer;

/// What one event loop counts of its requests; written by that loop only.
final class LoopMetrics {
    private static final int MOST_LISTENERS = 64;
    private static final int MOST_UPSTREAM_SERIES = 2048;

    private final SeriesTable routes;
    private final SeriesTable upstreams = new SeriesTable(MOST_UPSTREAM_SERIES);
    private volatile ListenerCount[] listeners = {};

    /// Requests that came to one listener, by protocol version.
    record ListenerCount(String listener, Cells versions) {}

    LoopMetrics(int mostSeries) {
        routes = new SeriesTable(mostSeries);
    }

    void record(Exchange exchange, Kept keptRoutes, Kept keptUpstreams) {
        Outcome outcome = Outcome.of(exchange);
        Series series = routes.find(
                keptRoutes,
                exchange.route(),
                exchange.routePath(),
                exchange.request().method().name(),
                exchange.status(),
                outcome,
                Outcome.reason(exchange));
        series.add(
                exchange.endedAt() - exchange.startedAt(),
                exchange.requestBytes(),
                exchange.responseBytes(),
                exchange.attempts());
        series.addAccess(exchange);
        if (exchange.trace().sampled()) {
            series.durations()
                    .example(
                            exchange.trace(),
                            exchange.trace().spanId(),
                            exchange.endedAt() - exchange.startedAt(),
                            exchange.startedAtEpochMillis());
        }
        if (exchange.forwardedAt() != 0 && !exchange.upstream().isEmpty()) {
            upstream(exchange, keptUpstreams);
        }
        count(exchange.connection().listener(), exchange.request().version());
    }

    private void upstream(Exchange exchange, Kept kept) {
        Failure failure = exchange.failure();
        String reason = failure == null || Outcome.byClient(failure) ? null : failure.code();
        Outcome outcome = reason == null ? Outcome.ALLOWED : Outcome.FAILED;
        long until = exchange.respondedAt() == 0 ? exchange.endedAt() : exchange.respondedAt();
        Series series = upstreams.find(kept, exchange.upstream(), "", "", exchange.upstreamStatus(), outcome, reason);
        series.add(until - exchange.forwardedAt(), 0, 0, exchange.attempts());
        if (exchange.trace().sampled()) {
            Attempt attempt = exchange.attempt();
            series.durations()
                    .example(
                            exchange.trace(),
                            attempt == null ? exchange.trace().spanId() : attempt.spanId(exchange.trace()),
                            until - exchange.forwardedAt(),
                            exchange.startedAtEpochMillis());
        }
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    private void count(String listener, HttpVersion version) {
        for (ListenerCount known : listeners) {
            if (known.listener.equals(listener)) {
                known.versions.add(version.ordinal(), 1);
                return;
            }
        }
        counter(listener).versions.add(version.ordinal(), 1);
    }

    private ListenerCount counter(String listener) {
        ListenerCount[] old = listeners;
        if (old.length > MOST_LISTENERS) {
            return old[MOST_LISTENERS];
        }
        String name = old.length < MOST_LISTENERS ? listener : Metrics.OTHER;
        ListenerCount[] more = Arrays.copyOf(old, old.length + 1);
        more[old.length] = new ListenerCount(name, new Cells(HttpVersion.values().length));
        listeners = more;
        return more[old.length];
    }

    void forEachRoute(Kept kept, Consumer<Series> reader) {
        routes.forEach(kept, reader);
    }

    void forEachUpstream(Kept kept, Consumer<Series> reader) {
        upstreams.forEach(kept, reader);
    }

    ListenerCount[] listeners() {
        return listeners;
    }

    long overflowed() {
        return routes.overflowed() + upstreams.overflowed();
    }
}
