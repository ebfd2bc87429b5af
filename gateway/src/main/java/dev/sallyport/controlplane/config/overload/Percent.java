package dev.sallyport.controlplane.config.overload;

/// A part of a whole in hundredths, written as `90%`.
public record Percent(int hundredths) implements Comparable<Percent> {
    /// The form, for the JSON Schema too.
    public static final String FORM = "[0-9]{1,3}%";

    private static final int WHOLE = 100;

    /// Reads a part.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static Percent parse(String text) {
        String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : "";
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || Integer.parseInt(digits) > WHOLE) {
            throw new IllegalArgumentException(text + " (expected: a part such as 90%)");
        }
        return new Percent(Integer.parseInt(digits));
    }

    @Override
    public int compareTo(Percent other) {
        return Integer.compare(hundredths, other.hundredths);
    }

    @Override
    public String toString() {
        return hundredths + "%";
    }
}
