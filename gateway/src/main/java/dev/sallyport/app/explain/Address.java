package dev.sallyport.app.explain;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The URL of a question, taken apart but otherwise as written: what is odd about it is for the gateway to judge.
///
/// @param scheme    `http` or `https`, null for a path alone
/// @param authority null for a path alone
/// @param target    path and query
record Address(@Nullable String scheme, @Nullable String authority, String target) {
    private static final Pattern ABSOLUTE = Pattern.compile("(?is)(https?)://([^/?#]*)([^#]*)(?:#.*)?");
    private static final Pattern AT_HOST = Pattern.compile("(?s)([^#]*)(?:#.*)?");

    /// @throws QuestionException it is no URL of HTTP
    static Address parse(String url) throws QuestionException {
        if (url.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new QuestionException("url: holds a line end (expected: a URL such as http://localhost:8080/orders)");
        }
        Matcher absolute = ABSOLUTE.matcher(url);
        if (absolute.matches()) {
            String target = absolute.group(3);
            return new Address(
                    absolute.group(1).toLowerCase(Locale.ROOT),
                    absolute.group(2),
                    target.startsWith("/") ? target : "/" + target);
        }
        Matcher path = AT_HOST.matcher(url);
        if ((url.startsWith("/") || url.equals("*")) && path.matches()) {
            return new Address(null, null, path.group(1));
        }
        throw new QuestionException(
                "url: " + url + " (expected: a URL such as http://localhost:8080/orders, or a path such as /orders)");
    }

    /// The port it names, or the usual one of its scheme; −1 when unknown.
    int port() {
        if (scheme == null || authority == null) {
            return -1;
        }
        int colon = authority.lastIndexOf(':');
        if (colon > authority.lastIndexOf(']')) {
            String digits = authority.substring(colon + 1);
            return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
        }
        return scheme.equals("https") ? 443 : 80;
    }
}
