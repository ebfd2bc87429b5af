package dev.sallyport.controlplane.behaviour.share;

import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Verdict;

/// A verdict as gateways tell it to each other.
///
/// @param stamp tells which of two about one key is the later, whatever the clocks of the gateways say: it is higher
///     than all that were known where it was made, and about the time in milliseconds
/// @param until when it ends, in milliseconds of the epoch; a pardon is told until nothing from before it can come
///     back
record Finding(Verdict verdict, Subject subject, long stamp, long until) {
    /// Whom it is about.
    ///
    /// @param key as operators read it
    record Subject(Kind kind, String key) {}

    boolean pardons() {
        return verdict == Verdict.PARDONED;
    }

    /// Whether it was made by an operator.
    boolean byOperator() {
        return verdict != Verdict.REFUSED;
    }
}
