package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;

/// Tells a browser that opens a page, and can be led to a login, from scripts and machines, which want a status.
final class Navigation {
    private Navigation() {}

    static boolean is(CanonicalRequest request) {
        Headers headers = request.headers();
        String mode = headers.first("sec-fetch-mode");
        return request.method() == Method.GET
                && (mode == null || mode.equals("navigate"))
                && headers.first("x-requested-with") == null
                && !headers.has(FieldName.AUTHORIZATION)
                && !headers.has(FieldName.UPGRADE)
                && acceptsHtml(headers);
    }

    private static boolean acceptsHtml(Headers headers) {
        for (int i = headers.indexOf(FieldName.ACCEPT); i >= 0; i = headers.indexOf(FieldName.ACCEPT, i + 1)) {
            if (headers.value(i).contains("text/html")) {
                return true;
            }
        }
        return false;
    }
}
