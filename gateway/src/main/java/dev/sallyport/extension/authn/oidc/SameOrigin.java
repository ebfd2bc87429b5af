package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.PageOrigin;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;

/// Tells requests that a page of this site made from those that another site had the browser make: a cookie comes
/// with both (threat OA-09).
final class SameOrigin {
    private SameOrigin() {}

    /// Whether the request may use a session: it only reads, or it comes from a page of this site.
    static boolean mayUseSession(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        boolean reads = request.method().safe() && !request.headers().has(FieldName.UPGRADE);
        return reads || isOwn(exchange);
    }

    /// Whether a page of this site made the request: `Origin` is this site's, or does not say and the browser does.
    static boolean isOwn(Exchange exchange) {
        return PageOrigin.of(exchange) == PageOrigin.OWN;
    }
}
