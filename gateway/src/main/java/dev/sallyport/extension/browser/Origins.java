package dev.sallyport.extension.browser;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.PluginException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Origins of pages, as browsers spell them: compared octet by octet, nothing is guessed (threat AZ-12).
final class Origins {
    /// In the place of all others: every origin.
    private static final String EVERY = "*";

    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([1-9][0-9]{0,4}))?");

    private final boolean every;
    private final String[] texts;
    private final byte[][] octets;

    private Origins(List<String> origins) {
        every = origins.equals(List.of(EVERY));
        texts = origins.toArray(String[]::new);
        octets = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            octets[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
        }
    }

    /// Those written under the key `origins`; `*` alone stands for every one.
    static Origins orEvery(List<String> origins) throws PluginException {
        if (origins.equals(List.of(EVERY))) {
            return new Origins(origins);
        }
        if (origins.contains(EVERY)) {
            throw new PluginException("origins", "* beside others (expected: * alone, or single origins)");
        }
        if (origins.isEmpty()) {
            throw new PluginException("origins", "none (expected: at least one, such as https://app.example.com)");
        }
        return of(origins);
    }

    /// Those written under the key `origins`, one by one.
    static Origins of(List<String> origins) throws PluginException {
        for (int i = 0; i < origins.size(); i++) {
            check("origins[" + i + "]", origins.get(i));
        }
        return new Origins(origins);
    }

    private static void check(String key, String origin) throws PluginException {
        Matcher parts = ORIGIN.matcher(origin);
        if (origin.equals("null")) {
            throw new PluginException(
                    key, "null, which every sandboxed page and local file is (expected: an origin of one site)");
        }
        if (!parts.matches()) {
            throw new PluginException(
                    key,
                    origin + " (expected: an origin as browsers write it, such as https://app.example.com: lower case, "
                            + "no path, no wildcard)");
        }
        String usual = parts.group(1).equals("https") ? "443" : parts.group(1).equals("http") ? "80" : "";
        if (usual.equals(parts.group(3))) {
            throw new PluginException(key, origin + " (expected: without the usual port, which browsers leave out)");
        }
    }

    /// Whether they are every one.
    boolean every() {
        return every;
    }

    /// The one that the request's `Origin` is, `*` where every one is; null where it is none of them.
    @Nullable
    String allowed(Headers request) {
        if (every) {
            return EVERY;
        }
        int at = request.indexOf(FieldName.ORIGIN);
        if (at >= 0) {
            for (int i = 0; i < octets.length; i++) {
                byte[] one = octets[i];
                if (Arrays.equals(request.bytes(), request.valueStart(at), request.valueEnd(at), one, 0, one.length)) {
                    return texts[i];
                }
            }
        }
        return null;
    }
}
