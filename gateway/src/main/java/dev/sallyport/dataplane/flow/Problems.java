package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.RequestFault;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The one place that renders refusals: problem details (RFC 9457), a page for browsers, a status for gRPC.
/// Nothing of the request is echoed and nothing of the inside is told (oracle G8).
public final class Problems {
    private static final byte[] EMPTY = {};

    private Problems() {}

    /// The answer to a request that could not be understood.
    public static LocalResponse render(RequestFault fault) {
        return json(Refusals.of(fault), null);
    }

    static LocalResponse render(Refusal refusal, Exchange exchange) {
        Headers request = exchange.request().headers();
        if (isGrpc(request)) {
            return grpc(refusal);
        }
        return Accepts.prefersHtml(request) ? html(refusal, exchange) : json(refusal, exchange);
    }

    private static LocalResponse json(Refusal refusal, @Nullable Exchange exchange) {
        Refusal.Problem problem = refusal.problem();
        StringBuilder text = new StringBuilder(400)
                .append("{\"type\":\"")
                .append(problem == null ? "urn:sallyport:problem:" : problem.type())
                .append(problem == null ? refusal.told() : "")
                .append("\",\"title\":\"")
                .append(refusal.title())
                .append("\",\"status\":")
                .append(refusal.status())
                .append(",\"detail\":\"")
                .append(refusal.detail())
                .append('"');
        if (exchange != null) {
            text.append(",\"instance\":\"urn:sallyport:request:")
                    .append(requestId(exchange))
                    .append('"');
        }
        text.append(",\"reason\":\"").append(refusal.told()).append('"');
        if (problem != null) {
            text.append(problem.members());
        }
        text.append("}\n");
        return response(refusal, "application/problem+json", text);
    }

    private static LocalResponse html(Refusal refusal, Exchange exchange) {
        String text =
                """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>%1$d %2$s</title></head>
                <body><h1>%2$s</h1><p>%3$s</p>
                <p>Status %1$d, reason <code>%4$s</code>, request <code>%5$s</code></p></body></html>
                """.formatted(refusal.status(), refusal.title(), refusal.detail(), refusal.told(), requestId(exchange));
        return response(refusal, "text/html; charset=utf-8", text);
    }

    /// A response that ends with its head, as gRPC has it for calls that never began.
    private static LocalResponse grpc(Refusal refusal) {
        Headers.Builder headers = new Headers.Builder();
        headers.add("content-type", "application/grpc");
        headers.add("grpc-status", Integer.toString(grpcStatus(refusal.status())));
        headers.add("grpc-message", refusal.told());
        return new LocalResponse(200, headers.build(), EMPTY);
    }

    private static int grpcStatus(int status) {
        return switch (status) {
            case 400, 421 -> 3;
            case 401 -> 16;
            case 403 -> 7;
            case 404, 405, 501 -> 12;
            case 413, 429, 431 -> 8;
            case 408, 504 -> 4;
            case 502, 503 -> 14;
            default -> 13;
        };
    }

    private static LocalResponse response(Refusal refusal, String contentType, CharSequence text) {
        Headers.Builder headers = new Headers.Builder();
        headers.add("content-type", contentType);
        headers.add("cache-control", "no-store");
        Headers own = refusal.headers();
        for (int i = 0; i < own.count(); i++) {
            headers.add(own.name(i), own.value(i));
        }
        return new LocalResponse(
                refusal.status(), headers.build(), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    static boolean isGrpc(Headers request) {
        String type = request.first(FieldName.CONTENT_TYPE);
        return type != null
                && (type.equals("application/grpc")
                        || type.startsWith("application/grpc+")
                        || type.startsWith("application/grpc;"));
    }

    private static String requestId(Exchange exchange) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(exchange.requestIdHigh()) + hex.toHexDigits(exchange.requestIdLow());
    }
}
