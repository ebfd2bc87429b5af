package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;

/// How far a request has come and may go: by the gateway's pseudonym in `Via` (RFC 9110 §7.6.3) and by
/// `Max-Forwards`.
final class Hops {
    private Hops() {}

    /// Whether the request has passed this gateway before.
    static boolean detected(Headers headers, String pseudonym) {
        if (!headers.has(FieldName.VIA)) {
            return false;
        }
        for (int i = headers.indexOf(FieldName.VIA); i >= 0; i = headers.indexOf(FieldName.VIA, i + 1)) {
            for (String hop : headers.value(i).split(",", -1)) {
                String[] words = hop.strip().split("[ \t]+", -1);
                if (words.length > 1 && words[1].equals(pseudonym)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether the gateway is as far as an OPTIONS request should go; else counts `Max-Forwards` down (RFC 9110
    /// §7.6.2).
    static boolean lastHop(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        if (request.method() != Method.OPTIONS || !request.headers().has(FieldName.MAX_FORWARDS)) {
            return false;
        }
        String value = request.headers().first(FieldName.MAX_FORWARDS);
        if (value == null || value.isEmpty() || value.length() > 9) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        int left = Integer.parseInt(value);
        if (left > 0) {
            exchange.requestEdits().set("max-forwards", Integer.toString(left - 1));
        }
        return left == 0;
    }
}
