package dev.sallyport.api.behaviour;

/// How those behind a request have behaved so far.
///
/// @param level       what is thought of them
/// @param score       what speaks against them, 0 for nothing; never negative
/// @param limitFactor what their limits are multiplied by, in thousandths
public record Conduct(Level level, double score, int limitFactor) {
    /// The limits as they are configured, in thousandths.
    public static final int WHOLE = 1000;

    /// Of those about whom nothing is known, or where conduct is not watched.
    public static final Conduct UNKNOWN = new Conduct(Level.NORMAL, 0, WHOLE);

    public Conduct {
        if (score < 0 || limitFactor < 1) {
            throw new IllegalArgumentException("score or limitFactor (expected: 0 or more, 1 or more)");
        }
    }
}
