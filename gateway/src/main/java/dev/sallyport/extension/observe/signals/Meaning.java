package dev.sallyport.extension.observe.signals;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.Metrics;

/// What each metric says of which scope.
final class Meaning {
    /// What the signal is called that lines of logs are.
    private static final String LOGS = "logs";

    private static final double MICROS = 1e6;
    private static final double THOUSAND = 1e3;
    private static final int OK_BELOW = 400;
    private static final int FAILED_FROM = 500;

    private Meaning() {}

    /// A level that is stated anew in each round.
    static void level(Readings to, Metric metric, double value, String... labels) {
        if (metric.equals(Metrics.SERVER_ACTIVE)) {
            to.of(Scope.GATEWAY).add(Figure.IN_FLIGHT, Math.round(value));
        } else if (metric.equals(Metrics.CONNECTIONS)) {
            both(to, Scope.listener(labels[0]), Figure.CONNECTIONS, value);
        } else if (metric.equals(Metrics.TLS_HANDSHAKES_OPEN)) {
            both(to, Scope.listener(labels[0]), Figure.HANDSHAKES_OPEN, value);
        } else if (metric.equals(Metrics.LOOP_LAG)) {
            to.of(Scope.GATEWAY).raise(Figure.LOOP_LAG_MICROS, Math.round(value * MICROS));
        } else if (metric.equals(Metrics.UPSTREAM_IN_FLIGHT)) {
            to.of(Scope.upstream(labels[0])).add(Figure.IN_FLIGHT, Math.round(value));
        } else if (metric.equals(Metrics.UPSTREAM_CONNECTIONS)) {
            Figure figure = labels[2].equals("idle") ? Figure.CONNECTIONS_IDLE : Figure.CONNECTIONS;
            to.of(Scope.upstream(labels[0])).add(figure, Math.round(value));
        } else if (metric.equals(Metrics.ACCESS_LOG_DISK_USED)) {
            to.of(Scope.GATEWAY).raise(Figure.LOG_DISK_THOUSANDTHS, Math.round(value * THOUSAND));
        } else {
            process(to.of(Scope.GATEWAY), metric, Math.round(value), labels);
        }
    }

    private static void both(Readings to, Scope scope, Figure figure, double value) {
        to.of(scope).add(figure, Math.round(value));
        to.of(Scope.GATEWAY).add(figure, Math.round(value));
    }

    private static void process(Tally gateway, Metric metric, long value, String... labels) {
        if (metric.equals(Metrics.JVM_MEMORY_USED) && labels[0].equals("heap")) {
            gateway.raise(Figure.HEAP_USED, value);
        } else if (metric.equals(Metrics.JVM_MEMORY_KEPT)) {
            gateway.add(Figure.HEAP_KEPT, value);
        } else if (metric.equals(Metrics.JVM_MEMORY_LIMIT) && labels[0].equals("heap")) {
            gateway.raise(Figure.HEAP_LIMIT, value);
        } else if (metric.equals(Metrics.JVM_BUFFER_MEMORY_USED) && labels[0].equals("netty")) {
            gateway.raise(Figure.DIRECT_USED, value);
        } else if (metric.equals(Metrics.PROCESS_OPEN_FILES)) {
            gateway.raise(Figure.FILES_OPEN, value);
        } else if (metric.equals(Metrics.PROCESS_MAX_FILES)) {
            gateway.raise(Figure.FILES_LIMIT, value);
        }
    }

    /// A counter that came further.
    ///
    /// @param now what it has come to
    static void step(Readings to, Readings.Step step, double now) {
        Metric metric = step.metric();
        if (metric.equals(Metrics.SERVER_DURATION)) {
            String route = step.label(1);
            served(to, to.of(Scope.GATEWAY), step);
            if (!route.isEmpty()) {
                served(to, to.of(Scope.route(route)), step);
            }
        } else if (metric.equals(Metrics.CLIENT_DURATION)) {
            asked(to, to.of(Scope.upstream(step.label(0))), step);
        } else if (metric.equals(Metrics.REFUSALS)) {
            refused(to, step);
        } else if (metric.equals(Metrics.LOOP_LAG_MAX)) {
            to.of(Scope.GATEWAY).raise(Figure.LOOP_LAG_MICROS, Math.round(now * MICROS));
        } else if (metric.equals(Metrics.REQUEST_BODY)) {
            octets(to, step, Figure.REQUEST_OCTETS);
        } else if (metric.equals(Metrics.RESPONSE_BODY)) {
            octets(to, step, Figure.RESPONSE_OCTETS);
        } else {
            connections(to, step);
        }
    }

    private static void connections(Readings to, Readings.Step step) {
        Metric metric = step.metric();
        Tally gateway = to.of(Scope.GATEWAY);
        if (metric.equals(Metrics.REQUESTS)) {
            to.of(Scope.listener(step.label(0))).add(Figure.REQUESTS, step.whole());
        } else if (metric.equals(Metrics.MALFORMED)) {
            gateway.add(Figure.MALFORMED, step.whole());
            gateway.addCode(to.codes().number(Codes.Kind.MALFORMED, step.label(0)), step.whole());
        } else if (metric.equals(Metrics.UPSTREAM_ATTEMPTS)) {
            to.of(Scope.upstream(step.label(0))).add(Figure.ATTEMPTS, step.whole());
        } else if (metric.equals(Metrics.UPSTREAM_CONNECT_FAILURES)) {
            to.of(Scope.upstream(step.label(0))).add(Figure.CONNECT_FAILURES, step.whole());
        } else if (metric.equals(Metrics.CONNECTIONS_ACCEPTED)) {
            to.of(Scope.listener(step.label(0))).add(Figure.CONNECTIONS_ACCEPTED, step.whole());
            gateway.add(Figure.CONNECTIONS_ACCEPTED, step.whole());
        } else if (metric.equals(Metrics.CONNECTIONS_REFUSED)) {
            to.of(Scope.listener(step.label(0))).add(Figure.CONNECTIONS_REFUSED, step.whole());
            gateway.add(Figure.CONNECTIONS_REFUSED, step.whole());
        } else if (metric.equals(Metrics.OTLP_DROPPED) || metric.equals(Metrics.OTLP_FAILURES)) {
            if (step.label(0).equals(LOGS)) {
                gateway.add(
                        metric.equals(Metrics.OTLP_DROPPED) ? Figure.LOG_LOST : Figure.LOG_WRITE_ERRORS, step.whole());
            }
        } else if (metric.equals(Metrics.ACCESS_LOG_DROPPED) || metric.equals(Metrics.AUDIT_LOG_DROPPED)) {
            gateway.add(Figure.LOG_LOST, step.whole());
        } else {
            gateway.add(Figure.LOG_WRITE_ERRORS, step.whole());
        }
    }

    private static void octets(Readings to, Readings.Step step, Figure figure) {
        to.of(Scope.GATEWAY).add(figure, step.whole());
        if (!step.label(0).isEmpty()) {
            to.of(Scope.route(step.label(0))).add(figure, step.whole());
        }
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static int status(String label) {
        return label.isEmpty() ? 0 : Integer.parseInt(label);
    }

    private static void served(Readings to, Tally tally, Readings.Step step) {
        String statusText = step.label(3);
        String error = step.label(4);
        long count = sum(step.counts());
        int status = status(statusText);
        tally.add(Figure.REQUESTS, count);
        if (!statusText.isEmpty()) {
            tally.addCode(to.codes().number(Codes.Kind.STATUS, statusText), count);
        }
        if (!error.isEmpty()) {
            tally.addCode(to.codes().number(Codes.Kind.FAILURE, error), count);
            Figure figure = failure(error);
            tally.add(figure, count);
            if (figure == Figure.FAILED_GATEWAY || figure == Figure.FAILED_UPSTREAM) {
                tally.addFailed(step.counts());
                tally.add(Figure.FAILED_MICROS, step.micros());
            }
        } else if (status >= OK_BELOW) {
            tally.add(Figure.CLIENT_ERRORS, count);
        } else {
            tally.addServed(step.counts());
            tally.add(Figure.SERVED_MICROS, step.micros());
        }
    }

    /// Whose fault a failure is.
    private static Figure failure(String error) {
        if (error.startsWith("upstream-") || Character.isDigit(error.charAt(0))) {
            return Figure.FAILED_UPSTREAM;
        }
        for (Failure failure : Failure.values()) {
            if (failure.code().equals(error)) {
                return switch (failure) {
                    case CLIENT_CLOSED, REQUEST_MALFORMED, REQUEST_TIMEOUT, REQUEST_TOO_LARGE, RESPONSE_STALLED ->
                        Figure.ABANDONED;
                    case ACCESS_ENDED -> Figure.DENIED;
                    default -> Figure.FAILED_GATEWAY;
                };
            }
        }
        return Figure.FAILED_GATEWAY;
    }

    private static void asked(Readings to, Tally tally, Readings.Step step) {
        String statusText = step.label(1);
        String error = step.label(2);
        long count = sum(step.counts());
        tally.add(Figure.REQUESTS, count);
        if (!statusText.isEmpty()) {
            tally.addCode(to.codes().number(Codes.Kind.STATUS, statusText), count);
        }
        if (!error.isEmpty() || status(statusText) >= FAILED_FROM) {
            tally.addCode(to.codes().number(Codes.Kind.FAILURE, error.isEmpty() ? statusText : error), count);
            tally.add(Figure.FAILED_UPSTREAM, count);
            tally.addFailed(step.counts());
            tally.add(Figure.FAILED_MICROS, step.micros());
        } else {
            tally.addServed(step.counts());
            tally.add(Figure.SERVED_MICROS, step.micros());
        }
    }

    private static void refused(Readings to, Readings.Step step) {
        int status = status(step.label(2));
        if (status >= FAILED_FROM) {
            return; // a failure, told by the duration
        }
        refused(to, to.of(Scope.GATEWAY), step, status);
        if (!step.label(0).isEmpty()) {
            refused(to, to.of(Scope.route(step.label(0))), step, status);
        }
    }

    private static void refused(Readings to, Tally tally, Readings.Step step, int status) {
        tally.add(
                switch (status) {
                    case 401 -> Figure.UNAUTHENTICATED;
                    case 403 -> Figure.DENIED;
                    case 429 -> Figure.LIMITED;
                    default -> Figure.REFUSED_OTHERWISE;
                },
                step.whole());
        tally.addCode(to.codes().number(Codes.Kind.REFUSAL, step.label(1)), step.whole());
    }
}
