package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.HttpVersion;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The canonical request.
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class RequestFacts extends Facts {
    static final StructType TYPE = type(
            "Request",
            Map.of(
                    "method", SimpleType.STRING,
                    "scheme", SimpleType.STRING,
                    "host", SimpleType.STRING,
                    "path", SimpleType.STRING,
                    "query", SimpleType.STRING,
                    "protocol", SimpleType.STRING,
                    "id", SimpleType.STRING,
                    "route", SimpleType.STRING));

    private final Exchange exchange;

    RequestFacts(Exchange exchange) {
        super(TYPE);
        this.exchange = exchange;
    }

    @Override
    @Nullable
    Object field(String name) {
        CanonicalRequest request = exchange.request();
        return switch (name) {
            case "method" -> request.method().name();
            case "scheme" -> request.scheme();
            case "host" -> request.authority().host();
            case "path" -> request.path();
            case "query" -> request.query();
            case "protocol" -> protocol(request.version());
            case "id" -> id(exchange);
            case "route" -> exchange.route();
            default -> null;
        };
    }

    /// As listeners spell it in the configuration.
    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "http/1.0";
            case HTTP_1_1 -> "http/1.1";
            case HTTP_2 -> "h2";
        };
    }

    private static String id(Exchange exchange) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(exchange.requestIdHigh()).concat(hex.toHexDigits(exchange.requestIdLow()));
    }
}
