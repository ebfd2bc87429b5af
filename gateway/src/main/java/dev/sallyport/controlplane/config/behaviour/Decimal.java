package dev.sallyport.controlplane.config.behaviour;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// A number with decimals, written as `0.25`.
public record Decimal(BigDecimal number) implements Comparable<Decimal> {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,6})?");

    /// Reads a number.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static Decimal parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " (expected: a number such as 2 or 0.25)");
        }
        return new Decimal(new BigDecimal(text));
    }

    public double value() {
        return number.doubleValue();
    }

    /// In thousandths, rounded.
    public int thousandths() {
        return (int) Math.round(value() * 1000);
    }

    @Override
    public int compareTo(Decimal other) {
        return number.compareTo(other.number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Decimal that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return number.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return number.toPlainString();
    }
}
