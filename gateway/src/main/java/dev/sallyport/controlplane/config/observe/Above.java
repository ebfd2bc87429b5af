package dev.sallyport.controlplane.config.observe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Above what a rule is broken: `500ms`, `5%`, `20/min` or `3x-baseline`.
///
/// @param amount nanoseconds, a part from 0 to 1, a count, or a multiple
/// @param per    of a rate, else zero
public record Above(String text, Form form, double amount, Duration per) {
    /// How it can be written, for the JSON Schema too.
    public static final String FORM =
            "[0-9]{1,9}(ms|s|m|h)|[0-9]{1,3}(\\.[0-9]{1,4})?%|[0-9]{1,9}/(s|min|h)|[0-9]{1,4}(\\.[0-9]{1,2})?x-baseline";

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,9})/(s|min|h)");
    private static final Pattern BASELINE = Pattern.compile("([0-9]{1,4}(?:\\.[0-9]{1,2})?)x-baseline");

    /// What it can be.
    public enum Form {
        DURATION("a duration such as 500ms"),
        PERCENT("a part such as 5%"),
        RATE("a rate such as 20/min"),
        BASELINE("a multiple such as 3x-baseline");

        private final String expected;

        Form(String expected) {
            this.expected = expected;
        }

        String expected() {
            return expected;
        }
    }

    /// Reads one.
    ///
    /// @throws IllegalArgumentException when `text` is none
    public static Above parse(String text) {
        Matcher duration = DURATION.matcher(text);
        if (duration.matches()) {
            Duration time = unit(duration.group(2)).multipliedBy(Long.parseLong(duration.group(1)));
            return new Above(text, Form.DURATION, positive(text, time.toNanos()), Duration.ZERO);
        }
        if (text.endsWith("%")) {
            return new Above(text, Form.PERCENT, Fraction.parse(text).part(), Duration.ZERO);
        }
        Matcher rate = RATE.matcher(text);
        if (rate.matches()) {
            return new Above(text, Form.RATE, positive(text, Long.parseLong(rate.group(1))), unit(rate.group(2)));
        }
        Matcher baseline = BASELINE.matcher(text);
        if (baseline.matches()) {
            double times = new BigDecimal(baseline.group(1)).doubleValue();
            if (times <= 1) {
                throw new IllegalArgumentException(text + " (expected: more than 1x-baseline)");
            }
            return new Above(text, Form.BASELINE, times, Duration.ZERO);
        }
        throw new IllegalArgumentException(text + " (expected: such as 500ms, 5%, 20/min or 3x-baseline)");
    }

    private static double positive(String text, long amount) {
        if (amount <= 0) {
            throw new IllegalArgumentException(text + " (expected: more than 0)");
        }
        return (double) amount;
    }

    private static Duration unit(String word) {
        return switch (word) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m", "min" -> Duration.ofMinutes(1);
            default -> Duration.ofHours(1);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
