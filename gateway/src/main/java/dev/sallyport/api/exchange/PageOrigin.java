package dev.sallyport.api.exchange;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;

/// Whose page had the browser make a request, by `Origin` and `Sec-Fetch-Site`: cookies come with requests of every
/// page (threat OA-09).
public enum PageOrigin {
    /// A page of this site, at the exchange's [public URL][Exchange#publicUrl()].
    OWN,
    /// No page: its user, by the address bar or a bookmark.
    USER,
    /// A page of another site, or one that hides which.
    OTHER,
    /// Nobody says: a program, or a very old browser.
    UNTOLD;

    /// Why a request of a page of another site is refused.
    public static final Refusal CSRF =
            Refusal.of(403, "csrf", "Request of another site", "The request does not come from a page of this site.");

    private static final String FETCH_SITE = "sec-fetch-site";

    /// Whose page made the request of `exchange`.
    public static PageOrigin of(Exchange exchange) {
        Headers headers = exchange.request().headers();
        int at = headers.indexOf(FETCH_SITE, 0);
        String site = at < 0 ? null : headers.value(at);
        String origin = headers.first(FieldName.ORIGIN);
        if (site != null) {
            if (headers.indexOf(FETCH_SITE, at + 1) >= 0) {
                return OTHER;
            }
            if (site.equals("none")) {
                return origin == null ? USER : OTHER;
            }
            if (!site.equals("same-origin")) {
                return OTHER;
            }
        }
        if (origin == null || origin.equals("null")) {
            // a page that keeps its address to itself (`Referrer-Policy: no-referrer`) has its origin hidden too
            return site != null ? OWN : origin == null ? UNTOLD : OTHER;
        }
        return origin.equals(exchange.publicUrl()) ? OWN : OTHER;
    }
}
