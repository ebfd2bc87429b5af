package dev.sallyport.extension.observe.otlp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What became of one attempt to hand a message over.
sealed interface Reply {
    /// The collector has it.
    ///
    /// @param rejected how many of its items the collector did not want
    /// @param why      what it says to that, perhaps empty
    record Taken(long rejected, String why) implements Reply {}

    /// It may be tried again.
    ///
    /// @param after how long the collector wants to be left alone, or null
    record Later(@Nullable Duration after, String why) implements Reply {}

    /// It would be refused again.
    record Refused(String why) implements Reply {}
}
