package dev.sallyport.dataplane.overload;

/// Between what a limit of requests at once may move; fixed where both are the same.
public record Bounds(int min, int max) {
    public Bounds {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("bounds: " + min + " to " + max + " (expected: 1 or more, ascending)");
        }
    }

    /// A limit that never moves.
    public static Bounds fixed(int most) {
        return new Bounds(most, most);
    }

    /// Where a limit begins that is not known yet: as many times the least as the most is times it.
    int middle() {
        return (int) Math.round(Math.sqrt((double) min * max));
    }

    boolean adaptive() {
        return min < max;
    }
}
