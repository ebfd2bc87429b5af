package dev.sallyport.api.limit;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Counts what keys have taken of layers. Safe for all threads; nothing waits.
///
/// A charge is taken whole or not at all: where one layer refuses, nothing is taken of any. What is refused costs
/// nothing. Of any number of charges at the same moment, together never more is taken than each layer allows.
public interface Counters {
    /// A layer of this process alone. One that was made for a measure of the same sort goes on with the counters of
    /// `before`: a key keeps the
    /// time that it needed to have everything back, as far as the new measure knows so long a time.
    ///
    /// @param before what this one follows, made by these counters; null for none
    Layer layer(Measure measure, @Nullable Layer before);

    /// The same for a layer in which gateways count together, if these counters can; else of this process alone.
    default Layer layer(Measure measure, Share share, @Nullable Layer before) {
        return layer(measure, before);
    }

    /// What keys are to be hashed with; asked when the first request comes, not before.
    KeySecret secret();

    /// Judges the parts of `charge` from number `from` on, and takes them if all of them that are not on trial allow
    /// it.
    /// The charge says what became of each.
    ///
    /// @return null when that is done; else done when it is, on any thread. A failed stage: nobody can say
    @Nullable
    CompletionStage<?> take(Charge charge, int from);

    /// Gives back what was taken for the parts from number `from` to before number `to`, but for what counts what
    /// goes on at the same time.
    void giveBack(Charge charge, int from, int to);

    /// The request is over: ends its part in what counts what goes on at the same time. Does nothing a second time.
    void end(Charge charge);

    // ---- for operators, on threads that may block

    /// How a key stands.
    Standing standing(Layer layer, long high, long low);

    /// Forgets what a key has taken, but for what still goes on; false when nothing was known of it.
    boolean forget(Layer layer, long high, long low);

    Census census(Layer layer);
}
