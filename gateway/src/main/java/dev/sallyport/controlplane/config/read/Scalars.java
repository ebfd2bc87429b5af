package dev.sallyport.controlplane.config.read;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.plugin.ByteSize;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.controlplane.config.BindAddress;
import dev.sallyport.controlplane.config.ByteRate;
import dev.sallyport.controlplane.config.EndpointUrl;
import dev.sallyport.controlplane.config.NotYet;
import dev.sallyport.controlplane.config.behaviour.Decimal;
import dev.sallyport.controlplane.config.limit.Cost;
import dev.sallyport.controlplane.config.limit.Rate;
import dev.sallyport.controlplane.config.observe.Above;
import dev.sallyport.controlplane.config.observe.Fraction;
import dev.sallyport.controlplane.config.observe.Quantile;
import dev.sallyport.controlplane.config.observe.SampleRate;
import dev.sallyport.controlplane.config.overload.Percent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The forms of single values. Every complaint is an `IllegalArgumentException` that reads `value (expected:
/// form)`.
public final class Scalars {
    /// The form of a duration, for the JSON Schema too.
    public static final String DURATION = "([0-9]{1,9}(ms|s|m|h))+";

    /// The form of a size, for the JSON Schema too.
    public static final String SIZE = "[0-9]{1,12}(B|KiB|MiB|GiB)?";

    private static final Pattern WHOLE_DURATION = Pattern.compile(DURATION);
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(ms|s|m|h)");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern LOOKS_NUMERIC = Pattern.compile(
            "[-+]?(0o[0-7]+|0x[0-9a-fA-F]+|(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|\\.(inf|Inf|INF))|\\.(nan|NaN|NAN)");

    private Scalars() {}

    /// What is expected of values of `type`, for messages and the reference.
    public static String expected(Class<?> type) {
        if (isNumber(type)) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "a duration such as 250ms, 15s, 5m or 1h";
        }
        if (type == Instant.class) {
            return "a time such as 2026-01-31T12:00:00Z";
        }
        if (type == Path.class) {
            return "the path of a file";
        }
        if (type == UrlOrFile.class) {
            return "an https URL or the path of a file";
        }
        if (type == Secret.class) {
            return "a reference, ${env:NAME} or ${file:path}";
        }
        if (type == ByteSize.class) {
            return "a size such as 64KiB or 10MiB";
        }
        if (type == ByteRate.class) {
            return "a size per second such as 1KiB/s";
        }
        if (type == Rate.class) {
            return "a rate such as 100/s, 1000/min or 20000/h";
        }
        if (type == Percent.class) {
            return "a part such as 90%";
        }
        if (type == Cost.class) {
            return "a whole number, or an expression";
        }
        if (type == Decimal.class) {
            return "a number such as 2 or 0.25";
        }
        if (type == Above.class) {
            return "such as 500ms, 5%, 20/min or 3x-baseline";
        }
        if (type == SampleRate.class) {
            return "a part such as 1% or 0.1%";
        }
        if (type == Fraction.class) {
            return "a part such as 5% or 99.9%";
        }
        if (type == Quantile.class) {
            return "a quantile such as 0.99";
        }
        if (type == BindAddress.class) {
            return "address:port";
        }
        if (type == EndpointUrl.class) {
            return "http://host:port or https://host:port";
        }
        return type == AddressRange.class ? "an address or CIDR range" : "text";
    }

    /// Whether values of `type` are written as one text, such as a size, though it is a record.
    public static boolean isValue(Class<?> type) {
        if (type == Secret.class || type == UrlOrFile.class) {
            return true;
        }
        try {
            return type.getMethod("parse", String.class).getDeclaringClass() == type;
        } catch (NoSuchMethodException absent) {
            return false;
        }
    }

    /// Whether values of `type` are whole numbers.
    public static boolean isNumber(Class<?> type) {
        return type == int.class || type == Integer.class || type == long.class || type == Long.class;
    }

    /// The value that `text` is.
    ///
    /// @param text      with references replaced
    /// @param plain     not quoted
    /// @param referring whether any reference was replaced
    static Object parse(Class<?> type, String text, boolean plain, boolean referring, Path folder) {
        if (type == String.class) {
            return string(text, plain && !referring);
        }
        if (isNumber(type)) {
            return number(type, text, plain || referring);
        }
        if (type == boolean.class || type == Boolean.class) {
            return flag(text, plain || referring);
        }
        if (type == Duration.class) {
            return duration(text);
        }
        if (type == Instant.class) {
            return instant(text);
        }
        if (type == Path.class) {
            return path(text, folder);
        }
        if (type == UrlOrFile.class) {
            return urlOrFile(text, folder);
        }
        if (type == Secret.class) {
            return secret(text, referring);
        }
        return parsed(type, text);
    }

    private static String string(String text, boolean plain) {
        if (plain && (LOOKS_NUMERIC.matcher(text).matches() || text.matches("true|True|TRUE|false|False|FALSE"))) {
            throw new IllegalArgumentException(text + " (expected: text; write \"" + text + "\" if this is the text)");
        }
        return text;
    }

    private static Object number(Class<?> type, String text, boolean plain) {
        if (!plain) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: a whole number, without quotes)");
        }
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " (expected: a whole number)");
        }
        long value = Long.parseLong(text);
        if (type == long.class || type == Long.class) {
            return value;
        }
        if (value != (int) value) {
            throw new IllegalArgumentException(text + " (expected: a whole number up to " + Integer.MAX_VALUE + ")");
        }
        return (int) value;
    }

    private static Object flag(String text, boolean plain) {
        if (!plain || !(text.equals("true") || text.equals("false"))) {
            throw new IllegalArgumentException((plain ? text : "\"" + text + "\"") + " (expected: true or false)");
        }
        return text.equals("true");
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(text + " (expected: " + expected(Instant.class) + ")", e);
        }
    }

    /// Reads a duration such as `250ms`, `15s`, `5m`, `1h` or `1h30m`.
    public static Duration duration(String text) {
        if (!WHOLE_DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " (expected: " + expected(Duration.class) + ")");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            long count = Long.parseLong(part.group(1));
            sum = switch (part.group(2)) {
                case "ms" -> sum.plusMillis(count);
                case "s" -> sum.plusSeconds(count);
                case "m" -> sum.plusMinutes(count);
                default -> sum.plusHours(count);
            };
        }
        return sum;
    }

    /// Writes a duration the way it is read.
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        StringBuilder out = new StringBuilder();
        long[] units = {3_600_000, 60_000, 1000, 1};
        String[] names = {"h", "m", "s", "ms"};
        for (int i = 0; i < units.length; i++) {
            if (millis >= units[i]) {
                out.append(millis / units[i]).append(names[i]);
                millis %= units[i];
            }
        }
        return out.toString();
    }

    private static Path path(String text, Path folder) {
        try {
            if (text.isBlank()) {
                throw new IllegalArgumentException("empty (expected: the path of a file)");
            }
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text + " (expected: the path of a file)", e);
        }
    }

    private static UrlOrFile urlOrFile(String text, Path folder) {
        if (!text.contains("://")) {
            return new UrlOrFile(null, path(text, folder));
        }
        try {
            URI url = new URI(text);
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return new UrlOrFile(url, null);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException(text + " (expected: " + expected(UrlOrFile.class) + ")");
    }

    private static Secret secret(String text, boolean referring) {
        if (!referring) {
            // what stands there may be the secret, so it is not repeated
            throw new IllegalArgumentException(
                    "a secret written in the file (expected: a reference, ${env:NAME} or ${file:path})");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("an empty secret (expected: text behind the reference)");
        }
        return new Secret(text);
    }

    /// A value class with `public static parse(String)`.
    private static Object parsed(Class<?> type, String text) {
        try {
            Method parse = type.getMethod("parse", String.class);
            if (Modifier.isStatic(parse.getModifiers())) {
                Object value = parse.invoke(null, text);
                if (value != null) {
                    return value;
                }
            }
            throw new IllegalStateException(type + ": parse (expected: static, never null)");
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(type + ".parse", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " (expected: a type of the configuration language)", e);
        }
    }

    static Object constant(Class<?> type, boolean verbatim, String text) {
        List<String> words = words(type, verbatim);
        int index = words.indexOf(text);
        if (index >= 0) {
            return type.getEnumConstants()[index];
        }
        NotYet notYet = type.getAnnotation(NotYet.class);
        if (notYet != null && Arrays.asList(notYet.value()).contains(text)) {
            throw new IllegalArgumentException(
                    text + " is not supported by this version (expected: " + Nearest.oneOf(words) + ")");
        }
        String nearest = Nearest.to(text, words);
        throw new IllegalArgumentException((text.isEmpty() ? "empty" : text) + " (expected: " + Nearest.oneOf(words)
                + (nearest == null || words.size() == 1 ? "" : "; did you mean " + nearest + "?") + ")");
    }

    /// The words of an enumeration.
    public static List<String> words(Class<?> type, boolean verbatim) {
        List<String> words = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            words.add(Key.word((Enum<?>) constant, verbatim));
        }
        return words;
    }

    static void requireForm(@Nullable Matches matches, String text) {
        if (matches != null && !Pattern.matches(matches.value(), text)) {
            throw new IllegalArgumentException(
                    (text.isEmpty() ? "empty" : text) + " (expected: " + matches.expected() + ")");
        }
    }

    @SuppressWarnings("unchecked") // a value and its bounds are parsed as the same type
    static void requireRange(@Nullable Range range, Class<?> type, Object value, String text) {
        if (range == null) {
            return;
        }
        Comparable<Object> comparable = (Comparable<Object>) value;
        Object min = parse(type, range.min(), true, true, Path.of(""));
        Object max = parse(type, range.max(), true, true, Path.of(""));
        if (comparable.compareTo(min) < 0 || comparable.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    text + " (expected: " + (min.equals(max) ? range.min() : range.min() + " to " + range.max()) + ")");
        }
    }
}
