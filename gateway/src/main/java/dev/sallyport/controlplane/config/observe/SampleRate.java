package dev.sallyport.controlplane.config.observe;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// The part of requests that something is done for, written as `1%`; none and all count too.
///
/// @param part 0 to 1
public record SampleRate(String text, double part) {
    /// How it is written, for the JSON Schema too.
    public static final String FORM = "[0-9]{1,3}(\\.[0-9]{1,4})?%";

    private static final Pattern WHOLE = Pattern.compile(FORM);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /// Reads one.
    ///
    /// @throws IllegalArgumentException when `text` is none
    public static SampleRate parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " (expected: a part such as 1% or 0.1%)");
        }
        BigDecimal number = new BigDecimal(text.substring(0, text.length() - 1));
        if (number.compareTo(HUNDRED) > 0) {
            throw new IllegalArgumentException(text + " (expected: 0% to 100%)");
        }
        return new SampleRate(text, number.movePointLeft(2).doubleValue());
    }

    @Override
    public String toString() {
        return text;
    }
}
