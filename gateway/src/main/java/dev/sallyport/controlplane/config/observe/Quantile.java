package dev.sallyport.controlplane.config.observe;

import java.util.regex.Pattern;

/// A quantile, written as `0.99`.
public record Quantile(String text, double value) {
    /// How it is written, for the JSON Schema too.
    public static final String FORM = "0\\.[0-9]{1,4}";

    private static final Pattern WHOLE = Pattern.compile(FORM);

    /// Reads one.
    ///
    /// @throws IllegalArgumentException when `text` is none
    public static Quantile parse(String text) {
        double value = WHOLE.matcher(text).matches() ? Double.parseDouble(text) : 0;
        if (value == 0) {
            throw new IllegalArgumentException(text + " (expected: a quantile below 1 such as 0.5 or 0.99)");
        }
        return new Quantile(text, value);
    }

    @Override
    public String toString() {
        return text;
    }
}
