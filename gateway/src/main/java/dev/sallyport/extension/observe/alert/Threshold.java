package dev.sallyport.extension.observe.alert;

import java.time.Duration;

/// Above what a rule is broken.
public sealed interface Threshold {
    /// Longer than this.
    record Longer(Duration than) implements Threshold {}

    /// A greater part than this, 0 to 1.
    record Share(double above) implements Threshold {}

    /// More often than `count` in each `per`.
    record Rate(long count, Duration per) implements Threshold {}

    /// More than so many times what is usual at this hour of the week.
    record Usual(double times) implements Threshold {}

    /// Anything that is unlike the past.
    record Unlike() implements Threshold {}

    /// So much of what may fail, by an objective, that both windows use it up too fast.
    ///
    /// @param objective the part that should succeed, below 1
    /// @param factor    how many times faster than the objective allows
    record Burning(double objective, Duration fast, Duration slow, double factor) implements Threshold {}
}
