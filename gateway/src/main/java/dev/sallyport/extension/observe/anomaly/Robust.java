package dev.sallyport.extension.observe.anomaly;

import java.util.Arrays;

/// What is usual of some values, whatever a few of them are: their median, and how far from it they usually are.
///
/// @param spread the median distance from the median, made comparable to a standard deviation, and no less than what
///     chance alone would make
record Robust(double median, double spread) {
    private static final double LIKE_A_DEVIATION = 1.4826;

    static Robust of(double[] values, double leastSpread) {
        double median = median(values);
        double[] distances = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            distances[i] = Math.abs(values[i] - median);
        }
        return new Robust(median, Math.max(leastSpread, LIKE_A_DEVIATION * median(distances)));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// How many spreads above the median `value` is.
    double above(double value) {
        return (value - median) / spread;
    }
}
