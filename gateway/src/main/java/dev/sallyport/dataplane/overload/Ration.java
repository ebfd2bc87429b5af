package dev.sallyport.dataplane.overload;

import java.util.Arrays;

/// Lets a part of the requests of one rank through, fair between callers: each may have as many in a period as makes
/// the
/// whole come out right, going by the period before. Confined to one loop.
final class Ration {
    private final int[] seen = new int[Shares.SLOTS];
    private final double[] before = new double[Shares.SLOTS];
    private int rank = -1;
    private double level = Double.MAX_VALUE;

    /// Another period begins, in which `part` (0 to 1) of the requests of `rationed` are to pass.
    void begin(int rationed, double part) {
        double sum = 0;
        for (int i = 0; i < Shares.SLOTS; i++) {
            before[i] = seen[i];
            sum += seen[i];
        }
        level = rationed == rank && sum > 0 ? Division.level(before, sum * part) : Double.MAX_VALUE;
        if (part <= 0) {
            level = 0;
        }
        rank = rationed;
        Arrays.fill(seen, 0);
    }

    /// Whether one more request of the caller in `slot` passes.
    boolean passes(int slot) {
        return ++seen[slot] <= Math.max(level, 0);
    }
}
