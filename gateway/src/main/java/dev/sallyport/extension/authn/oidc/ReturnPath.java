package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestTarget;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where a browser goes when it has logged in: a path of this site, never anything that leads elsewhere (threat
/// OA-01).
final class ReturnPath {
    static final String DEFAULT = "/";
    private static final int LONGEST = 2000;

    private ReturnPath() {}

    /// The way back to what was asked for, or the default.
    static String of(CanonicalRequest request) {
        String path = request.query() == null ? request.path() : request.path() + "?" + request.query();
        return isPlain(path) ? path : DEFAULT;
    }

    /// What somebody asks to be returned to, in canonical form; null when it is no path of this site.
    static @Nullable String parse(String target) {
        if (target.isEmpty() || target.charAt(0) != '/') {
            return null;
        }
        byte[] octets = target.getBytes(StandardCharsets.UTF_8);
        RequestTarget parsed = new RequestTarget();
        if (parsed.parse(Method.GET, octets, 0, octets.length) != null || parsed.ambiguity() != 0) {
            return null;
        }
        String path = parsed.query() == null ? parsed.path() : parsed.path() + "?" + parsed.query();
        return isPlain(path) ? path : null;
    }

    /// Whether no browser can take `path` for another host's, nor anybody for more than one line.
    private static boolean isPlain(String path) {
        boolean plain = path.length() <= LONGEST && path.startsWith("/") && !path.startsWith("//");
        for (int i = 0; plain && i < path.length(); i++) {
            char c = path.charAt(i);
            plain = c > ' ' && c < 0x7f && c != '\\' && c != '#';
        }
        return plain;
    }
}
