package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.remote.Fingerprint;
import org.jspecify.annotations.Nullable;

/// What is remembered of a token whose signature and claims were good: never the token, only its SHA-256 and what it
/// says.
///
/// Who calls is made of that when the token comes again, and kept from then on. A token that never does leaves a few
/// small objects behind instead of thirty, which is most of what a flood of new tokens costs a garbage collector.
final class RememberedToken {
    // Its SHA-256, here and not an object away: to look at it is most of what finding it costs.
    private final long a;
    private final long b;
    private final long c;
    private final long d;
    private final long expiresAt;
    private final VerificationKey key;
    private final Confirmation confirmation;
    private final byte[] payload;

    /// Immutable, and the same whichever loop makes it: no order is needed.
    private @Nullable VerifiedToken whole;

    /// @param payload its claims, as JSON; kept
    RememberedToken(VerifiedToken token, byte[] payload) {
        Fingerprint hash = token.hash();
        this.a = hash.a();
        this.b = hash.b();
        this.c = hash.c();
        this.d = hash.d();
        this.expiresAt = token.expiresAt();
        this.key = token.key();
        this.confirmation = token.confirmation();
        this.payload = payload;
    }

    /// Whether it has this SHA-256.
    boolean is(Fingerprint hash) {
        return a == hash.a() && b == hash.b() && c == hash.c() && d == hash.d();
    }

    /// Whether `other` is of the same token.
    boolean isSameAs(RememberedToken other) {
        return a == other.a && b == other.b && c == other.c && d == other.d;
    }

    /// The part of its SHA-256 that says where to look for it.
    long place() {
        return a;
    }

    boolean good(long now) {
        return now < expiresAt && !key.retired();
    }

    /// The token with its caller; null when `callers` finds none in it.
    @Nullable
    VerifiedToken whole(Callers callers) {
        VerifiedToken known = whole;
        if (known == null) {
            Principal caller = callers.of(payload, key, expiresAt);
            if (caller != null) {
                known = new VerifiedToken(
                        new Fingerprint(a, b, c, d),
                        expiresAt,
                        key,
                        confirmation,
                        new Authentication.Proven(caller),
                        null);
                whole = known;
            }
        }
        return known;
    }
}
