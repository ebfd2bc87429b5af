package dev.sallyport.api.exchange;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import org.jspecify.annotations.Nullable;

/// The question of a browser whether a page of another origin may send a request (Fetch §4.8, CORS-preflight fetch).
/// It belongs to the route of the method that it asks about.
public final class Preflight {
    private static final String REQUEST_METHOD = "access-control-request-method";

    /// On exchanges of preflights: the method asked about.
    private static final Attribute<Method> ASKED = Attribute.of("preflight", Method.class);

    private Preflight() {}

    /// The method that `request` asks about; null when it is no preflight, or asks about a method that pages cannot
    /// use.
    public static @Nullable Method asked(CanonicalRequest request) {
        Headers headers = request.headers();
        if (request.method() != Method.OPTIONS || !headers.has(FieldName.ORIGIN)) {
            return null;
        }
        int at = headers.indexOf(REQUEST_METHOD, 0);
        if (at < 0 || headers.indexOf(REQUEST_METHOD, at + 1) >= 0) {
            return null;
        }
        Method method = Method.of(headers.bytes(), headers.valueStart(at), headers.valueEnd(at));
        return method == Method.TRACE || method == Method.CONNECT ? null : method;
    }

    /// Notes that `exchange` took the route of the method it asks about.
    public static void routed(Exchange exchange, Method asked) {
        exchange.put(ASKED, asked);
    }

    /// The method that `exchange` asks about, which its route serves; null when it is no preflight for this route.
    public static @Nullable Method of(Exchange exchange) {
        return exchange.get(ASKED);
    }
}
