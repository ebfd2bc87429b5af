package dev.sallyport.benchmarks.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// The middle and the ends of a few measurements.
record Median(double middle, double least, double most) {

    static <T> Median of(List<T> measured, ToDoubleFunction<T> figure) {
        double[] sorted = measured.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            return new Median(Double.NaN, Double.NaN, Double.NaN);
        }
        int half = sorted.length / 2;
        double middle = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Median(middle, sorted[0], sorted[sorted.length - 1]);
    }
}
