package dev.sallyport.extension.observe.signals;

/// How long requests took: how many fell in each bucket.
///
/// @param bounds upper bounds in seconds, ascending, without infinity
/// @param counts one more than bounds
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record Distribution(double[] bounds, long[] counts) {
    public long count() {
        long count = 0;
        for (long one : counts) {
            count += one;
        }
        return count;
    }

    /// The time in seconds that a part `quantile` of them, 0 to 1, did not exceed; interpolated within its bucket.
    /// NaN when there are none. Beyond the last bound it is not known: that bound is the answer.
    public double quantile(double quantile) {
        long count = count();
        if (count == 0) {
            return Double.NaN;
        }
        double rank = quantile * count;
        long below = 0;
        for (int i = 0; i < bounds.length; i++) {
            if (counts[i] > 0 && below + counts[i] >= rank) {
                double low = i == 0 ? 0 : bounds[i - 1];
                return low + (bounds[i] - low) * Math.clamp((rank - below) / counts[i], 0, 1);
            }
            below += counts[i];
        }
        return bounds.length == 0 ? Double.NaN : bounds[bounds.length - 1];
    }
}
