package dev.sallyport.extension.observe.signals;

import java.time.Duration;

/// How finely and how long signals are remembered.
///
/// @param fine   the length of a slice
/// @param keep   how many of them are kept
/// @param fold   how many of them become one coarse slice
/// @param coarse how many coarse slices are kept
/// @param octets memory that all slices may take; the oldest ones go first when it is not enough
public record Resolution(Duration fine, int keep, int fold, int coarse, long octets) {
    private static final long OCTETS = 64L << 20;

    /// Two seconds for ten minutes, a minute for three hours and a quarter.
    public static final Resolution USUAL = of(Duration.ofSeconds(2));

    public Resolution {
        if (!fine.isPositive() || keep < 2 * fold || fold < 2 || coarse < 1 || octets < 1) {
            throw new IllegalArgumentException("a resolution that cannot be folded: " + fine + " " + keep + " " + fold);
        }
    }

    /// 300 slices of `fine`, and 195 of thirty times as long.
    public static Resolution of(Duration fine) {
        return new Resolution(fine, 300, 30, 195, OCTETS);
    }

    long fineMillis() {
        return fine.toMillis();
    }

    long coarseMillis() {
        return fineMillis() * fold;
    }
}
