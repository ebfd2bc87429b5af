package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.Attribute;

/// What is known of the source of a request.
///
/// @param level      of the source
/// @param score      of the source
/// @param refusedFor nanoseconds for which it is refused; 0 for not at all
/// @param banned     whether an operator said so: then nothing speaks for it
/// @param recognised whether a credential is shown that did well here before, so that it is the caller that counts
record Sighting(Level level, double score, long refusedFor, boolean banned, boolean recognised) {
    static final Attribute<Sighting> OF = Attribute.of("sighting", Sighting.class);

    /// Nothing speaks for or against it.
    static final Sighting NOTHING = new Sighting(Level.NORMAL, 0, 0, false, false);

    /// Whether it is refused whoever may be behind it.
    boolean refused() {
        return refusedFor > 0 && (banned || !recognised);
    }

    /// The level of who comes from there, as far as that goes.
    Level effective() {
        return recognised ? Level.NORMAL : level;
    }
}
