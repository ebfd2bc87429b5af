package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.http.Headers;

/// Answers that lead a browser elsewhere and are kept by nobody. Never 307 or 308, which would send a form on (RFC
/// 9700 §4.12).
final class Redirects {
    private static final byte[] NO_BODY = {};

    private Redirects() {}

    /// @param location of ASCII
    static LocalResponse to(int status, String location, String... cookies) {
        Headers.Builder headers = new Headers.Builder()
                .add("location", location)
                .add("cache-control", "no-store")
                .add("referrer-policy", "no-referrer");
        for (String cookie : cookies) {
            headers.add("set-cookie", cookie);
        }
        return new LocalResponse(status, headers.build(), NO_BODY);
    }
}
