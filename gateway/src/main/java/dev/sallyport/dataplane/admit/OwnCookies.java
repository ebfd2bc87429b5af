package dev.sallyport.dataplane.admit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.http.CookieField;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import org.jspecify.annotations.Nullable;

/// Keeps the gateway's own cookies from every upstream, whatever the route's access rule: a browser sends them with
/// every request to the host (threat OA-12). Names that begin with `sallyport-` are the gateway's.
final class OwnCookies {
    private static final String MARK = "sallyport-";
    private static final String[] PREFIXES = {MARK, "__host-" + MARK, "__secure-" + MARK};

    private OwnCookies() {}

    static void keepBack(Exchange exchange) {
        Headers headers = exchange.request().headers();
        if (headers.has(FieldName.COOKIE) && mentionsOwn(headers)) {
            HeaderEdits edits = exchange.requestEdits().remove("cookie");
            for (int i = headers.indexOf(FieldName.COOKIE); i >= 0; i = headers.indexOf(FieldName.COOKIE, i + 1)) {
                @Nullable String others = CookieField.without(headers.value(i), PREFIXES);
                if (others != null) {
                    edits.add("cookie", others);
                }
            }
        }
    }

    private static boolean mentionsOwn(Headers headers) {
        byte[] bytes = headers.bytes();
        for (int i = headers.indexOf(FieldName.COOKIE); i >= 0; i = headers.indexOf(FieldName.COOKIE, i + 1)) {
            int last = headers.valueEnd(i) - MARK.length();
            for (int at = headers.valueStart(i); at <= last; at++) {
                if ((bytes[at] | 0x20) == 's' && isMark(bytes, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isMark(byte[] bytes, int at) {
        for (int i = 0; i < MARK.length(); i++) {
            // only letters and - are compared, and - has this bit set too
            if ((bytes[at + i] | 0x20) != MARK.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
