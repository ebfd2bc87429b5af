package dev.sallyport.controlplane.config.limit;

import org.jspecify.annotations.Nullable;

/// What a request costs: a whole number, or an expression that has one.
///
/// @param fixed      the number where `expression` is null
/// @param expression as written
public record Cost(long fixed, @Nullable String expression) {
    private static final int MOST_DIGITS = 9;

    /// Reads a cost.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static Cost parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty (expected: a whole number, or an expression)");
        }
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            return new Cost(1, text);
        }
        if (text.length() > MOST_DIGITS || Long.parseLong(text) < 1) {
            throw new IllegalArgumentException(text + " (expected: 1 to 999999999)");
        }
        return new Cost(Long.parseLong(text), null);
    }

    @Override
    public String toString() {
        return expression == null ? Long.toString(fixed) : expression;
    }
}
