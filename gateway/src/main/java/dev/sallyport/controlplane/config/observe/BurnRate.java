package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;

/// An objective, and how fast using it up is too fast.
@Doc("Fires when failures use up the objective `factor` times too fast, in a short and in a long window.")
public record BurnRate(
        @Doc("The part of requests that should not fail, such as `99.9%`.")
        Fraction objective,

        @Doc("The short window: it still goes on.") @Default("5m") @Range(min = "1s", max = "1h")
        Duration fast,

        @Doc("The long window: it is no blip.") @Default("1h") @Range(min = "1s", max = "3h")
        Duration slow,

        @Doc(
                "How many times faster than the objective allows. `14` uses up two percent of a month's failures in an hour.")
        @Default("14")
        @Range(min = "1", max = "1000")
        int factor) {
    public BurnRate {
        if (objective.part() >= 1) {
            throw new IllegalArgumentException("objective: " + objective + " (expected: below 100%)");
        }
        if (slow.compareTo(fast) <= 0) {
            throw new IllegalArgumentException("slow: not longer than fast (expected: longer)");
        }
        if (factor * (1 - objective.part()) >= 1) {
            throw new IllegalArgumentException("factor: " + factor + ": with an objective of " + objective
                    + " not even failing always is so fast (expected: less)");
        }
    }
}
