package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import java.util.Set;
import java.util.stream.Collectors;

/// The reasons for which the engine itself does not serve a request.
final class Refusals {
    static final Refusal HOST_UNKNOWN =
            Refusal.of(421, "host-unknown", "Misdirected request", "This gateway does not serve the requested host.");
    static final Refusal ROUTE_UNKNOWN = Refusal.of(404, "route-unknown", "Not found", "No route matches the request.");
    static final Refusal PATH_AMBIGUOUS = Refusal.of(
            400,
            "path-ambiguous",
            "Ambiguous path",
            "The path holds an encoded slash, a semicolon or an empty segment, which this route does not take.");
    static final Refusal LOOP =
            Refusal.of(508, "loop-detected", "Loop detected", "The request has passed this gateway before.");
    static final Refusal INTERNAL =
            Refusal.of(500, "internal", "Internal error", "The gateway could not handle the request.");
    static final Refusal UNDECIDED =
            Refusal.of(503, "policy-undecided", "Not decided", "A decision about the request could not be made.");
    static final Refusal NO_UPSTREAM =
            Refusal.of(500, "route-unanswered", "Internal error", "The route neither answers nor forwards.");
    /// TRACE would show a client what its proxies add, credentials included.
    static final Refusal TRACE = Refusal.of(405, "trace-refused", "Method not allowed", "TRACE is refused.")
            .with(Headers.of("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    private static final Refusal METHOD_NOT_ALLOWED =
            Refusal.of(405, "method-not-allowed", "Method not allowed", "The path exists, but not for this method.");

    private Refusals() {}

    static Refusal methodNotAllowed(Set<Method> allowed) {
        return METHOD_NOT_ALLOWED.with(
                Headers.of("allow", allowed.stream().sorted().map(Method::name).collect(Collectors.joining(", "))));
    }

    /// What a client is told of a fault in a request that could be routed.
    static Refusal of(RequestFault fault) {
        return Refusal.of(fault.status(), fault.code(), fault.title(), fault.detail());
    }

    /// What a fault in a request body is to log and metrics.
    static Failure failure(RequestFault fault) {
        return switch (fault) {
            case BODY_TOO_LARGE -> Failure.REQUEST_TOO_LARGE;
            case BODY_TIMEOUT -> Failure.REQUEST_TIMEOUT;
            default -> Failure.REQUEST_MALFORMED;
        };
    }

    /// What a client is told of a failure towards the upstream, before a response was begun.
    static Refusal of(Failure failure) {
        return switch (failure) {
            case NO_ENDPOINT, POOL_FULL, DRAINED ->
                Refusal.of(503, failure.code(), "Service unavailable", "The service cannot take the request now.");
            case CONNECT_TIMEOUT, RESPONSE_HEAD_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT ->
                Refusal.of(504, failure.code(), "Gateway timeout", "The service did not answer in time.");
            case CONNECT_FAILED, TLS_FAILED, RESET_BEFORE_RESPONSE, RESPONSE_TRUNCATED, RESPONSE_MALFORMED ->
                Refusal.of(
                        502,
                        failure.code(),
                        "Bad gateway",
                        "The service could not be reached or gave no valid answer.");
            case CLIENT_CLOSED,
                    REQUEST_MALFORMED,
                    REQUEST_TIMEOUT,
                    REQUEST_TOO_LARGE,
                    RESPONSE_STALLED,
                    ACCESS_ENDED,
                    INTERNAL -> INTERNAL;
        };
    }
}
