package dev.sallyport.controlplane.rights;

/// A difference between two configurations in what somebody may do, as a sentence.
///
/// @param effect what it comes to
/// @param caller who is concerned, empty for no one kind of caller
/// @param route  which route, empty for none in particular
/// @param text   the sentence
public record Change(Effect effect, String caller, String route, String text) {
    /// What a difference comes to.
    public enum Effect {
        /// Somebody may more than before.
        WIDER,
        /// Nobody may more, somebody less.
        NARROWER,
        /// Whether somebody may more cannot be told from the configurations.
        UNCLEAR;

        public boolean needsReview() {
            return this != NARROWER;
        }
    }
}
