package dev.sallyport.api.plugin;

/// A number of octets, written as `512`, `64KiB`, `10MiB` or `2GiB`.
public record ByteSize(long octets) implements Comparable<ByteSize> {
    private static final String[] UNITS = {"GiB", "MiB", "KiB", "B"};
    private static final int[] SHIFTS = {30, 20, 10, 0};

    public ByteSize {
        if (octets < 0) {
            throw new IllegalArgumentException(octets + " (expected: 0 or more octets)");
        }
    }

    /// Reads a size.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static ByteSize parse(String text) {
        String digits = text;
        int shift = 0;
        for (int i = 0; i < UNITS.length; i++) {
            if (text.endsWith(UNITS[i])) {
                digits = text.substring(0, text.length() - UNITS[i].length());
                shift = SHIFTS[i];
                break;
            }
        }
        if (digits.isEmpty() || digits.length() > 12 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(text + " (expected: a size such as 64KiB or 10MiB)");
        }
        long count = Long.parseLong(digits);
        if (count > Long.MAX_VALUE >> (shift + 1)) {
            throw new IllegalArgumentException(text + " (expected: a size that is not absurd)");
        }
        return new ByteSize(count << shift);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(octets, other.octets);
    }

    /// The shortest way to write it.
    @Override
    public String toString() {
        for (int i = 0; i < UNITS.length - 1; i++) {
            if (octets != 0 && octets % (1L << SHIFTS[i]) == 0) {
                return (octets >> SHIFTS[i]) + UNITS[i];
            }
        }
        return Long.toString(octets);
    }
}
