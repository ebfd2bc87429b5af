package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.PathReader;
import org.jspecify.annotations.Nullable;

/// A URI without query and fragment, normalised (RFC 3986 §6.2.2 and §6.2.3): letter case of scheme and host, the
/// scheme's own port, an empty path, dot segments, needless escapes.
///
/// @param path as requests' paths are canonical
record TargetUri(String scheme, Authority authority, String path) {
    /// The URI that `text` spells; null when it is none of `http` or `https`, or holds user information.
    static @Nullable TargetUri parse(String text) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? null : scheme(text, colon);
        if (scheme == null || !text.startsWith("//", colon + 1)) {
            return null;
        }
        int start = colon + 3;
        int pathStart = firstOf(text, start, "/?#");
        int pathEnd = firstOf(text, pathStart, "?#");
        Authority authority = Authority.parse(text.substring(start, pathStart));
        String path = pathStart == pathEnd ? "/" : PathReader.canonical(text.substring(pathStart, pathEnd));
        return authority == null || path == null
                ? null
                : new TargetUri(scheme, authority.without(Authority.defaultPort(scheme)), path);
    }

    /// Whether this is the resource at `canonicalPath` below `publicUrl`, which is scheme and authority.
    boolean isAt(String publicUrl, String canonicalPath) {
        TargetUri base = parse(publicUrl);
        return base != null
                && scheme.equals(base.scheme)
                && authority.equals(base.authority)
                && path.equals(canonicalPath);
    }

    private static @Nullable String scheme(String text, int length) {
        for (String scheme : new String[] {"https", "http"}) {
            if (length == scheme.length() && text.regionMatches(true, 0, scheme, 0, length)) {
                return scheme;
            }
        }
        return null;
    }

    private static int firstOf(String text, int from, String ends) {
        int at = from;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }
}
