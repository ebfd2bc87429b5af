package dev.sallyport.api.behaviour;

import java.util.Locale;

/// How a caller or a network is thought of because of its conduct, best first.
public enum Level {
    /// Good for long.
    TRUSTED,
    /// Nothing is known that speaks for or against it.
    NORMAL,
    /// It gets less, slower or only after it has proven more.
    SUSPICIOUS,
    /// It is refused for a while.
    HOSTILE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// As configuration, log, metrics and conditions call it.
    public String label() {
        return label;
    }

    /// Whether it is thought worse of than `other`.
    public boolean worseThan(Level other) {
        return compareTo(other) > 0;
    }

    /// The worse of the two.
    public Level orWorse(Level other) {
        return worseThan(other) ? this : other;
    }
}
