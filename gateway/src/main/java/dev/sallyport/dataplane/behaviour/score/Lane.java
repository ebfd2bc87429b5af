package dev.sallyport.dataplane.behaviour.score;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.table.Words;

/// What one signal counts for, of each key: the word is the time at which it counts for nothing any more.
///
/// A score that halves again and again is told whole by the moment at which it falls to [#LEAST]; so there is nothing
/// to
/// bring up to date while nobody asks, the order of signals does not matter, and a word only ever grows.
public final class Lane implements Words {
    /// What is as good as nothing.
    public static final double LEAST = 1.0 / 64;

    /// Weights are counted in these parts of one.
    private static final double PARTS = 1000;

    private static final double LN2 = Math.log(2);

    private final Signal signal;
    private final double weight;
    private final double halfLife;
    private final double most;
    private final long salt;

    /// @param weight what one signal counts
    /// @param most   the score at which it counts no higher
    public Lane(Signal signal, double weight, long halfLifeNanos, double most) {
        this.signal = signal;
        this.weight = weight;
        this.halfLife = halfLifeNanos;
        this.most = most;
        // scores that halve at another pace are others: what was counted by it is forgotten
        this.salt = Salts.of(signal.label(), halfLifeNanos);
    }

    public Signal signal() {
        return signal;
    }

    public double weight() {
        return weight;
    }

    /// What tells its words from those of other lanes under the same key.
    public long salt() {
        return salt;
    }

    /// A weight as a cost, see [#after].
    public static long cost(double weight) {
        return Math.round(weight * PARTS);
    }

    /// What `word` counts for; 0 for nothing.
    public double score(long word, long moment) {
        return word < moment ? 0 : LEAST * Math.exp(LN2 * ((word - moment) / halfLife));
    }

    @Override
    public boolean free(long word, long moment) {
        return word < moment;
    }

    /// @param cost in thousandths
    @Override
    public long after(long word, long cost, long moment) {
        double score = Math.min(most, score(word, moment) + cost / PARTS);
        long until = moment + (long) (halfLife * (Math.log(score / LEAST) / LN2));
        return Math.max(word, until);
    }
}
