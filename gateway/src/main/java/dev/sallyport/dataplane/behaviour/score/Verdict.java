package dev.sallyport.dataplane.behaviour.score;

/// What can be decided about a whole key, and be true at other gateways too.
public enum Verdict {
    /// Its conduct has it refused for a while.
    REFUSED,
    /// An operator has it refused.
    BANNED,
    /// An operator forgets all that speaks against it.
    PARDONED;

    /// Hears of verdicts. Called on event loops too, so that it never waits.
    @FunctionalInterface
    public interface Listener {
        /// Hears nothing.
        Listener NONE = (_, _, _, _) -> {};

        /// Hears of one.
        ///
        /// @param key   as operators read it
        /// @param nanos how long it holds; 0 for a pardon
        void onVerdict(Verdict verdict, Kind kind, String key, long nanos);
    }
}
