package dev.sallyport.extension.observe.alert;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A rule that is, or was, broken for one of its groups.
///
/// @param since    when it was first broken
/// @param firedAt  when it had been for long enough, null while pending
/// @param resolvedAt when it was over, null before
/// @param times    how often the permitted value it is
/// @param text     what is the matter, in a sentence
/// @param request  the id of a request that is part of it, or empty
/// @param silencedUntil null when it is not silenced
public record Alert(
        AlertRule rule,
        String group,
        State state,
        Instant since,
        @Nullable Instant firedAt,
        @Nullable Instant resolvedAt,
        double times,
        String text,
        String request,
        @Nullable Instant silencedUntil) {
    /// What becomes of an alert.
    public enum State {
        /// Broken, but not for long enough.
        PENDING,
        FIRING,
        RESOLVED;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What and where, in a sentence: `route orders: 12 % of 450 requests failed …`.
    public String sentence() {
        return group + ": " + text;
    }
}
