package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.controlplane.admin.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A revocation that an operator or a client made, or took back: gateways pass these on to each other, and the latest
/// of the same id counts.
@Doc("A revocation that an operator or a client made, or took back.")
record RevocationNote(
        @Doc("What is revoked.") Revocation revocation,

        @Doc("When.") Instant at,

        @Doc("Whether it was taken back.") @Default("false") boolean undone,

        @Doc("The client that asked for it; left out, an operator.") @Nullable
        String by) {
    /// Longer than any credential lasts that is not checked against a store of its own.
    static final Duration KEPT = Duration.ofDays(400);

    /// Until when it matters to anybody.
    Instant end() {
        Instant expires = revocation.expires() == null ? Instant.MAX : revocation.expires();
        Instant longest = at.plus(KEPT);
        return undone && expires.isAfter(longest) ? longest : expires;
    }

    boolean laterThan(RevocationNote other) {
        return at.isAfter(other.at);
    }

    byte[] json() {
        Json what = new Json();
        revocation.what().forEach(what::put);
        if (!revocation.reason().isEmpty()) {
            what.put("reason", revocation.reason());
        }
        Json note = new Json().put("revocation", what).put("at", at.toString()).put("undone", undone);
        return (by == null ? note : note.put("by", by)).bytes();
    }
}
