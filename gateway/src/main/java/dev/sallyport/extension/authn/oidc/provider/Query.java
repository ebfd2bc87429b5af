package dev.sallyport.extension.authn.oidc.provider;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `name=value` pairs of URLs and forms, read strictly: a name twice makes the whole unreadable (RFC 6749 §3.1).
public final class Query {
    private static final int MOST = 64;

    private Query() {}

    /// The pairs of `text`, or null.
    public static @Nullable Map<String, String> parse(@Nullable String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (text == null || text.isEmpty()) {
            return pairs;
        }
        for (int at = 0; at <= text.length(); ) {
            int end = text.indexOf('&', at);
            end = end < 0 ? text.length() : end;
            if (end > at) {
                int equals = text.indexOf('=', at);
                boolean valued = equals >= 0 && equals < end;
                String name = decode(text.substring(at, valued ? equals : end));
                String value = valued ? decode(text.substring(equals + 1, end)) : "";
                if (name == null || value == null || pairs.put(name, value) != null || pairs.size() > MOST) {
                    return null;
                }
            }
            at = end + 1;
        }
        return pairs;
    }

    private static @Nullable String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// `url` with `pairs` added to its query.
    public static String with(String url, Map<String, String> pairs) {
        StringBuilder text = new StringBuilder(url);
        char separator = url.indexOf('?') < 0 ? '?' : '&';
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            text.append(separator).append(encode(pair.getKey())).append('=').append(encode(pair.getValue()));
            separator = '&';
        }
        return text.toString();
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
