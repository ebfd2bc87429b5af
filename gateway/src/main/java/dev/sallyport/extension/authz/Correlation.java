package dev.sallyport.extension.authz;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import java.util.HexFormat;
import java.util.Map;

/// Header fields by which a question can be found again beside the request it is about.
final class Correlation {
    private static final HexFormat HEX = HexFormat.of();

    private Correlation() {}

    /// The id of the request and its trace (W3C Trace Context).
    static Map<String, String> fields(Exchange exchange) {
        TraceContext trace = exchange.trace();
        String requestId = HEX.toHexDigits(exchange.requestIdHigh()).concat(HEX.toHexDigits(exchange.requestIdLow()));
        String traceId = HEX.toHexDigits(trace.traceIdHigh()).concat(HEX.toHexDigits(trace.traceIdLow()));
        String parent = "00-" + traceId + "-" + HEX.toHexDigits(trace.spanId()) + (trace.sampled() ? "-01" : "-00");
        return Map.of("x-request-id", requestId, "traceparent", parent);
    }
}
