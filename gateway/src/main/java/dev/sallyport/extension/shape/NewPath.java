package dev.sallyport.extension.shape;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestTarget;
import dev.sallyport.api.plugin.PluginException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A path made out of a request's: literal text, `{name}` for a path parameter, `{rest}` or a last `/**` for what
/// the route's `/**` matched.
///
/// The result is canonical, begins with the literal text before the first parameter, and holds no ambiguous
/// spelling that the request did not hold, or there is no result (threat PA-17).
final class NewPath {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_-]*)}");
    private static final String SAMPLE = "x";

    /// Literal text and parameter names in turn, beginning and ending with text.
    private final String[] parts;

    private final boolean openEnded;
    private final RequestTarget[] targets;

    private NewPath(String[] parts, boolean openEnded, int loops) {
        this.parts = parts;
        this.openEnded = openEnded;
        this.targets = new RequestTarget[loops];
        for (int i = 0; i < loops; i++) {
            targets[i] = new RequestTarget();
        }
    }

    /// The path that `text` describes.
    ///
    /// @throws PluginException when it describes none, or one that is not canonical
    static NewPath parse(String text, int loops) throws PluginException {
        boolean openEnded = text.endsWith("/**");
        String template = openEnded ? text.substring(0, text.length() - 3) : text;
        if (!text.startsWith("/")) {
            throw invalid(text, "a path that begins with /");
        }
        List<String> parts = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(template);
        int end = 0;
        while (parameter.find()) {
            parts.add(template.substring(end, parameter.start()));
            parts.add(parameter.group(1));
            end = parameter.end();
        }
        parts.add(template.substring(end));
        check(text, parts, openEnded);
        return new NewPath(parts.toArray(String[]::new), openEnded, loops);
    }

    private static void check(String text, List<String> parts, boolean openEnded) throws PluginException {
        StringBuilder sample = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (i % 2 == 0) {
                if (part.matches(".*[{}*].*")) {
                    throw invalid(text, "{name} around a parameter's name, ** as the last segment only");
                }
                sample.append(part);
            } else {
                if (part.equals(Exchange.REST)
                        && (openEnded
                                || i != parts.size() - 2
                                || !parts.getLast().isEmpty())) {
                    throw invalid(text, "{rest} at the end only");
                }
                sample.append(SAMPLE);
            }
        }
        String path = openEnded ? sample + "/" + SAMPLE : sample.toString();
        RequestTarget target = new RequestTarget();
        if (!isCanonical(target, path) || target.ambiguity() != 0) {
            throw invalid(
                    text, "a canonical path: no query, no dot or empty segments, no needless or ambiguous escapes");
        }
    }

    private static PluginException invalid(String text, String expected) {
        return new PluginException("path", text + " (expected: " + expected + ")");
    }

    /// The parameters a route's path template must have.
    Set<String> parameters() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 1; i < parts.length; i += 2) {
            names.add(parts[i]);
        }
        if (openEnded) {
            names.add(Exchange.REST);
        }
        return names;
    }

    /// The path for this request, or null when the parameters' values do not make a valid one.
    @Nullable
    String of(Exchange exchange) {
        StringBuilder built = new StringBuilder(64).append(parts[0]);
        for (int i = 1; i < parts.length; i += 2) {
            built.append(value(exchange, parts[i])).append(parts[i + 1]);
        }
        if (openEnded) {
            String rest = value(exchange, Exchange.REST);
            // the slash before an empty rest is there if the request had it, or if it is all there is
            if (!rest.isEmpty() || built.isEmpty() || exchange.request().path().endsWith("/")) {
                built.append('/').append(rest);
            }
        }
        String path = built.toString();
        RequestTarget target = targets[exchange.loop()];
        boolean known = isCanonical(target, path)
                && (target.ambiguity() & ~exchange.request().ambiguity()) == 0;
        return known ? path : null;
    }

    private static String value(Exchange exchange, String parameter) {
        String value = exchange.pathParameter(parameter);
        if (value == null) {
            throw new IllegalStateException("route " + exchange.route() + " has no path parameter " + parameter);
        }
        return value;
    }

    private static boolean isCanonical(RequestTarget target, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        return target.parse(Method.GET, bytes, 0, bytes.length) == null
                && target.query() == null
                && target.authority() == null
                && target.path().equals(path);
    }
}
