package dev.sallyport.controlplane.rights;

import java.util.Comparator;

/// Something that a request decides and the configuration does not, such as a scope of its token or a condition.
///
/// @param text  in a few words; the same text is the same circumstance, in every configuration
/// @param holds whether it is to hold, or not to
public record Circumstance(String text, boolean holds) implements Comparable<Circumstance> {
    private static final Comparator<Circumstance> ORDER =
            Comparator.comparing(Circumstance::text).thenComparing(Circumstance::holds);

    /// Its contrary.
    public Circumstance contrary() {
        return new Circumstance(text, !holds);
    }

    @Override
    public int compareTo(Circumstance other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return holds ? text : "not " + text;
    }
}
