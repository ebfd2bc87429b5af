package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;

/// Tells requests that a page of this site made from those that another site had the browser make: a cookie comes
/// with both (threat OA-09).
final class SameOrigin {
    private static final String FETCH_SITE = "sec-fetch-site";

    private SameOrigin() {}

    /// Whether the request may use a session: it only reads, or it comes from a page of this site.
    static boolean mayUseSession(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        boolean reads = request.method().safe() && !request.headers().has(FieldName.UPGRADE);
        return reads || isOwn(exchange);
    }

    /// Whether a page of this site made the request: `Origin` is this site's, or does not say and the browser does.
    static boolean isOwn(Exchange exchange) {
        Headers headers = exchange.request().headers();
        String site = headers.first(FETCH_SITE);
        if (site != null && (!site.equals("same-origin") || headers.indexOf(FETCH_SITE, 0) != lastOf(headers))) {
            return false;
        }
        String origin = headers.first(FieldName.ORIGIN);
        // a page that keeps its address to itself (`Referrer-Policy: no-referrer`) has its origin hidden too
        return (origin == null || origin.equals("null")) ? site != null : origin.equals(exchange.publicUrl());
    }

    private static int lastOf(Headers headers) {
        int last = -1;
        for (int i = headers.indexOf(FETCH_SITE, 0); i >= 0; i = headers.indexOf(FETCH_SITE, i + 1)) {
            last = i;
        }
        return last;
    }
}
