package dev.sallyport.extension.observe.otlp;

import java.util.Locale;

/// What is told to a collector; each has an address of its own there.
public enum Signal {
    TRACES("v1/traces", "opentelemetry.proto.collector.trace.v1.TraceService/Export"),
    LOGS("v1/logs", "opentelemetry.proto.collector.logs.v1.LogsService/Export"),
    METRICS("v1/metrics", "opentelemetry.proto.collector.metrics.v1.MetricsService/Export");

    private final String path;
    private final String method;

    Signal(String path, String method) {
        this.path = path;
        this.method = method;
    }

    /// Behind the collector's address, over HTTP.
    String path() {
        return path;
    }

    /// The full name of the method, over gRPC.
    String method() {
        return method;
    }

    /// As metrics and events name it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
