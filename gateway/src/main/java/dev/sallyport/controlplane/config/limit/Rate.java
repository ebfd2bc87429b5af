package dev.sallyport.controlplane.config.limit;

import java.util.concurrent.TimeUnit;

/// So many per second, minute or hour, written as `100/s`, `1000/min` or `20000/h`.
public record Rate(long amount, Unit per) {
    /// The form of a rate, for the JSON Schema too.
    public static final String FORM = "[0-9]{1,10}/(s|min|h)";

    /// The largest number per second.
    private static final long FASTEST = 1_000_000;

    private static final int MOST_DIGITS = 10;

    /// A unit of time.
    public enum Unit {
        SECOND("s", TimeUnit.SECONDS.toNanos(1)),
        MINUTE("min", TimeUnit.MINUTES.toNanos(1)),
        HOUR("h", TimeUnit.HOURS.toNanos(1));

        private final String word;
        private final long nanos;

        Unit(String word, long nanos) {
            this.word = word;
            this.nanos = nanos;
        }

        public long nanos() {
            return nanos;
        }
    }

    /// Reads a rate.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static Rate parse(String text) {
        int slash = text.indexOf('/');
        String digits = slash < 0 ? "" : text.substring(0, slash);
        String word = text.substring(slash + 1);
        for (Unit unit : Unit.values()) {
            if (unit.word.equals(word) && isNumber(digits)) {
                long amount = Long.parseLong(digits);
                if (amount < 1 || amount > FASTEST * (unit.nanos / Unit.SECOND.nanos)) {
                    throw new IllegalArgumentException(
                            text + " (expected: a rate from 1/" + unit.word + " to " + FASTEST + "/s)");
                }
                return new Rate(amount, unit);
            }
        }
        String hint = word.equals("d") || word.equals("day") ? "; per day see `quota`" : "";
        throw new IllegalArgumentException(text + " (expected: a rate such as 100/s, 1000/min or 20000/h" + hint + ")");
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return amount + "/" + per.word;
    }
}
