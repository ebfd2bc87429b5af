package dev.sallyport.telemetry;

/// Every metric that a [MetricSource] states.
public final class Metrics {
    private Metrics() {}

    public static final Metric CONNECTIONS =
            Metric.gauge("sallyport.connections", "", "Client connections open now", "listener");
    public static final Metric CONNECTIONS_ACCEPTED =
            Metric.counter("sallyport.connections.accepted", "", "Client connections accepted", "listener");
    public static final Metric CONNECTIONS_REFUSED = Metric.counter(
            "sallyport.connections.refused", "", "Client connections closed at once, by reason", "listener", "reason");
    public static final Metric LOOP_LAG =
            Metric.gauge("sallyport.loop.lag", "s", "How late the event loop's last tick was", "loop");
    public static final Metric LOOP_LAG_MAX =
            Metric.gauge("sallyport.loop.lag.max", "s", "How late the event loop's latest tick ever was", "loop");
    public static final Metric UPSTREAM_CONNECTIONS = Metric.gauge(
            "sallyport.upstream.connections",
            "",
            "Connections to an upstream's endpoint",
            "upstream",
            "endpoint",
            "state");
    public static final Metric UPSTREAM_IN_FLIGHT = Metric.gauge(
            "sallyport.upstream.in_flight", "", "Requests an endpoint is serving now", "upstream", "endpoint");
    public static final Metric UPSTREAM_CONNECT_FAILURES = Metric.counter(
            "sallyport.upstream.connect.failures", "", "Connections that could not be made", "upstream", "endpoint");
}
