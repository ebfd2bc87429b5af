package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.extension.authn.live.Holder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is stored of an API key: everything but the key.
///
/// @param id its public part, in every log
public record KeyRecord(String id, Holder holder, Hash hash, Term term) {
    /// A keyed hash of the whole key.
    ///
    /// @param hex    HMAC-SHA-256 in hexadecimal
    /// @param pepper the name of the pepper
    public record Hash(String hex, String pepper) {
        private static final int HEX_LENGTH = 64;

        /// @throws IllegalArgumentException it is none; the message does not repeat it
        public Hash {
            boolean fine = hex.length() == HEX_LENGTH
                    && hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
            if (!fine) {
                throw new IllegalArgumentException(
                        "hash: not one (expected: 64 digits of lower-case hexadecimal, as `sallyport key` writes them)");
            }
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /// When and from where a key is good.
    ///
    /// @param expires      from when on it no longer is, or null
    /// @param disabled     whether it was revoked
    /// @param addresses    from where it may be used; empty for anywhere
    /// @param replaces     the id of the key it was made to replace, or null
    /// @param overlapUntil until when it is still good beside the key that replaces it, or null
    public record Term(
            Instant created,
            @Nullable Instant expires,
            boolean disabled,
            List<AddressRange> addresses,
            @Nullable String replaces,
            @Nullable Instant overlapUntil) {
        public Term {
            addresses = List.copyOf(addresses);
        }

        /// From when on the key is no longer good, for whatever reason of time; null for never.
        public @Nullable Instant end() {
            if (expires == null || overlapUntil == null) {
                return expires == null ? overlapUntil : expires;
            }
            return expires.isBefore(overlapUntil) ? expires : overlapUntil;
        }
    }

    /// How things stand with a key.
    public enum State {
        ACTIVE,
        /// Good until the overlap ends.
        REPLACED,
        ENDED,
        EXPIRED,
        DISABLED
    }

    /// How things stand with it at `now`.
    public State state(Instant now) {
        Instant expires = term.expires;
        Instant overlap = term.overlapUntil;
        if (term.disabled) {
            return State.DISABLED;
        }
        if (expires != null && !now.isBefore(expires)) {
            return State.EXPIRED;
        }
        if (overlap == null) {
            return State.ACTIVE;
        }
        return now.isBefore(overlap) ? State.REPLACED : State.ENDED;
    }

    /// The same, revoked.
    public KeyRecord disable() {
        return with(new Term(term.created, term.expires, true, term.addresses, term.replaces, term.overlapUntil));
    }

    /// The same, replaced by another: good until `overlap` from `now`, or as long as before if that is shorter.
    public KeyRecord replaced(Instant now, Duration overlap) {
        return with(
                new Term(term.created, term.expires, term.disabled, term.addresses, term.replaces, now.plus(overlap)));
    }

    private KeyRecord with(Term other) {
        return new KeyRecord(id, holder, hash, other);
    }
}
