package dev.sallyport.extension.authn.certificate;

import java.util.List;

/// Which ids are taken.
///
/// @param patterns whole ids, `PREFIX/*` or `*.SUFFIX`; none for all
record AllowedIds(List<String> patterns) {
    AllowedIds {
        patterns = List.copyOf(patterns);
    }

    boolean allow(String id) {
        if (patterns.isEmpty()) {
            return true;
        }
        for (String pattern : patterns) {
            if (matches(pattern, id)) {
                return true;
            }
        }
        return false;
    }

    /// A star stands for at least one character, and a slash or dot beside it belongs to what has to be there:
    /// `spiffe://prod.example.com/*` takes nothing of `spiffe://prod.example.com.evil.example/`.
    private static boolean matches(String pattern, String id) {
        int last = pattern.length() - 1;
        if (pattern.endsWith("/*")) {
            return id.length() > last && id.startsWith(pattern.substring(0, last)) && !climbs(id);
        }
        return pattern.startsWith("*.") ? id.length() > last && id.endsWith(pattern.substring(1)) : id.equals(pattern);
    }

    /// Whether whoever reads `id` as a URI may find it elsewhere.
    private static boolean climbs(String id) {
        return id.contains("/../") || id.endsWith("/..") || id.contains("/./") || id.indexOf('%') >= 0;
    }
}
