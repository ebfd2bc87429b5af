package dev.sallyport.extension.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    private static final Refusal DENIED = Refusal.of(403, "role-missing", "Forbidden", "No.");

    /// Series by `metric{labels}`; a histogram by its count and, with `:sum`, its sum.
    private static Map<String, Double> figures(RequestMetrics metrics) {
        Map<String, Double> figures = new TreeMap<>();
        metrics.collect(new MetricSink() {
            @Override
            public void value(Metric metric, double value, String... labels) {
                figures.merge(metric.name() + Arrays.toString(labels), value, Double::sum);
            }

            @Override
            public void histogram(Metric metric, double[] bounds, long[] counts, double sum, String... labels) {
                String key = metric.name() + Arrays.toString(labels);
                assertThat(figures).as("stated once").doesNotContainKey(key);
                figures.put(key, (double) Arrays.stream(counts).sum());
                figures.put(key + ":sum", sum);
            }
        });
        return figures;
    }

    private static Exchange served(int loop, String route, int status) {
        return Exchanges.request().loop(loop).ended(route, "/" + route, status);
    }

    @Test
    void addsUpWhatLoopsCounted() {
        RequestMetrics metrics = new RequestMetrics(2);
        metrics.record(served(0, "orders", 200));
        metrics.record(served(0, "orders", 200));
        metrics.record(served(1, "orders", 200));
        metrics.record(served(1, "orders", 404));
        Map<String, Double> figures = figures(metrics);
        assertThat(figures)
                .containsEntry("http.server.request.duration[/orders, orders, GET, 200, ]", 3.0)
                .containsEntry("http.server.request.duration[/orders, orders, GET, 404, ]", 1.0)
                .containsEntry("sallyport.requests[public, 1.1]", 4.0);
        assertThat(figures.get("http.server.request.duration[/orders, orders, GET, 200, ]:sum"))
                .isEqualTo(0.0045);
    }

    @Test
    void countsRefusalsAndFailuresByReason() {
        RequestMetrics metrics = new RequestMetrics(1);
        Exchange refused = served(0, "admin", 403);
        refused.refused(DENIED);
        metrics.record(refused);
        Exchange failed = served(0, "orders", 502);
        failed.failed(Failure.CONNECT_FAILED);
        failed.refused(Refusal.of(502, "upstream-connect-failed", "Bad Gateway", "No."));
        metrics.record(failed);
        metrics.recordFault(Exchanges.connection("public"), RequestFault.FRAMING);
        metrics.recordBug(failed, new IllegalStateException());
        assertThat(figures(metrics))
                .containsEntry("sallyport.refusals[admin, role-missing, 403]", 1.0)
                .containsEntry("sallyport.failures[orders, upstream-connect-failed]", 1.0)
                .containsEntry("http.server.request.duration[/admin, admin, GET, 403, ]", 1.0)
                .containsEntry("http.server.request.duration[/orders, orders, GET, 502, upstream-connect-failed]", 1.0)
                .containsEntry("sallyport.malformed[framing-invalid]", 1.0)
                .containsEntry("sallyport.malformed[chunk-invalid]", 0.0)
                .containsEntry("sallyport.bugs[]", 1.0);
    }

    @Test
    void countsUpstreamsAndBodies() {
        RequestMetrics metrics = new RequestMetrics(1);
        Exchange exchange = Exchanges.request().version(HttpVersion.HTTP_2).ended("orders", "/orders", 200);
        exchange.attempted("backend", "127.0.0.1:1", 0);
        exchange.attempted("backend", "127.0.0.1:2", 0);
        exchange.forwardedAt(Exchanges.STARTED_AT + 100_000);
        exchange.responded(200, Exchanges.STARTED_AT + 1_100_000);
        exchange.addRequestBytes(10);
        exchange.addResponseBytes(20);
        metrics.record(exchange);
        Exchange timedOut = Exchanges.request().ended("orders", "/orders", 504);
        timedOut.attempted("backend", "127.0.0.1:1", 0);
        timedOut.forwardedAt(Exchanges.STARTED_AT + 500_000);
        timedOut.failed(Failure.RESPONSE_HEAD_TIMEOUT);
        metrics.record(timedOut);
        assertThat(figures(metrics))
                .containsEntry("http.client.request.duration[backend, 200, ]", 1.0)
                .containsEntry("http.client.request.duration[backend, 200, ]:sum", 0.001)
                .containsEntry("http.client.request.duration[backend, , upstream-response-timeout]", 1.0)
                .containsEntry("http.client.request.duration[backend, , upstream-response-timeout]:sum", 0.001)
                .containsEntry("sallyport.upstream.attempts[backend]", 3.0)
                .containsEntry("sallyport.request.body[orders]", 10.0)
                .containsEntry("sallyport.response.body[orders]", 20.0)
                .containsEntry("sallyport.requests[public, 2]", 1.0);
    }

    @Test
    void LG_05_aMillionRandomRequestsMakeNoSeries() {
        RequestMetrics metrics = new RequestMetrics(2);
        List<String> routes = List.of("", "a", "b");
        Random random = new Random(5);
        Runnable everyKindOnce = () -> {
            for (String route : routes) {
                for (Method method : Method.values()) {
                    for (int status : new int[] {200, 404, 502}) {
                        metrics.record(Exchanges.request().method(method).ended(route, "/" + route, status));
                    }
                }
            }
        };
        everyKindOnce.run();
        int before = figures(metrics).size();
        Method[] methods = Method.values();
        int[] statuses = {200, 404, 502};
        for (int i = 0; i < 1_000_000; i++) {
            String noise = Integer.toString(random.nextInt(), 36);
            String route = routes.get(i % routes.size());
            metrics.record(Exchanges.request()
                    .loop(i & 1)
                    .path("/" + noise)
                    .authority(noise + ".example.com", -1)
                    .query(noise)
                    .method(methods[random.nextInt(methods.length)])
                    .ended(route, "/" + route, statuses[random.nextInt(3)]));
        }
        assertThat(figures(metrics)).hasSize(before);
    }

    @Test
    void LG_05_beyondTheCapRequestsAreCountedByStatusAlone() {
        RequestMetrics metrics = new RequestMetrics(1, 10);
        for (int i = 0; i < 1000; i++) {
            metrics.record(served(0, "route" + i, 200 + i % 2));
        }
        Map<String, Double> figures = figures(metrics);
        assertThat(figures.keySet().stream()
                        .filter(key -> key.startsWith("http.server.request.duration["))
                        .filter(key -> !key.endsWith(":sum")))
                .hasSize(12);
        assertThat(figures)
                .containsEntry("http.server.request.duration[, _OTHER, _OTHER, 200, ]", 495.0)
                .containsEntry("http.server.request.duration[, _OTHER, _OTHER, 201, ]", 495.0)
                .containsEntry("sallyport.metrics.overflowed[]", 990.0);
    }

    @Test
    void LG_05_statusesBeyondTheCapAreBoundedToo() {
        RequestMetrics metrics = new RequestMetrics(1, 1);
        for (int status = -5; status < 5000; status++) {
            metrics.record(served(0, "r", status));
        }
        assertThat(figures(metrics).size()).isLessThan(2000 + RequestFault.values().length);
    }

    @Test
    void seriesOfVanishedRoutesAreLetGo() {
        RequestMetrics metrics = new RequestMetrics(2);
        for (int loop = 0; loop < 2; loop++) {
            metrics.record(served(loop, "old", 200));
            metrics.record(served(loop, "stays", 200));
            metrics.record(served(loop, "", 404));
        }
        metrics.keep(Set.of("stays", "new"), Set.of());
        // Loop 1 stays idle: what it counted of the old route must not be shown either.
        metrics.record(served(0, "new", 200));
        Map<String, Double> figures = figures(metrics);
        assertThat(figures.keySet()).noneMatch(key -> key.contains("old"));
        assertThat(figures)
                .containsEntry("http.server.request.duration[/stays, stays, GET, 200, ]", 2.0)
                .containsEntry("http.server.request.duration[/, , GET, 404, ]", 2.0)
                .containsEntry("http.server.request.duration[/new, new, GET, 200, ]", 1.0);
    }

    @Test
    void LG_05_manyReloadsLeaveNothingBehind() {
        RequestMetrics metrics = new RequestMetrics(1, 100);
        for (int reload = 0; reload < 500; reload++) {
            metrics.keep(Set.of("route" + reload), Set.of());
            metrics.record(served(0, "route" + reload, 200));
        }
        Map<String, Double> figures = figures(metrics);
        assertThat(figures).containsEntry("sallyport.metrics.overflowed[]", 0.0);
        assertThat(figures.keySet().stream().filter(key -> key.startsWith("http.server.request.duration")))
                .hasSize(2);
    }
}
