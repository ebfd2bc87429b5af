package dev.sallyport.controlplane.config.overload;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Shorthand;
import org.jspecify.annotations.Nullable;

/// How many requests an upstream may have at once.
@Doc(
        "How many requests an upstream may have at once: a number, or `adaptive`. More are refused at once, the least important first.")
@Shorthand("most")
public record ConcurrencyConfig(
        @Doc("As many and no more, over the whole gateway.") @Nullable @Range(min = "1", max = "1000000")
        Integer most,

        @Doc("As many as the servers answer well, found out by how their latency changes.") @Nullable
        Adaptive adaptive) {
    public ConcurrencyConfig {
        if ((most == null) == (adaptive == null)) {
            throw new IllegalArgumentException("not one thing (expected: a number, or `adaptive`)");
        }
    }

    /// The least there may be.
    public int min() {
        return adaptive != null ? adaptive.min : most != null ? most : 1;
    }

    /// The most there may be.
    public int max() {
        return adaptive != null ? adaptive.max : most != null ? most : 1;
    }

    /// As many as the servers answer well.
    @Doc("As many as the servers answer well.")
    public record Adaptive(
            @Doc("Never fewer, however slow the servers are.") @Default("10") @Range(min = "1", max = "1000000")
            int min,

            @Doc("Never more, however fast they are.") @Default("1000") @Range(min = "1", max = "1000000")
            int max) {
        public Adaptive {
            if (max <= min) {
                throw new IllegalArgumentException(
                        "max: " + max + " (expected: more than min, which is " + min + "; or a plain number)");
            }
        }
    }
}
