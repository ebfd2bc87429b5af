package dev.sallyport.extension.authn.jwt;

import dev.sallyport.remote.Fingerprint;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The tokens verified lately, for all loops; bounded, without locks. A token has eight places it can be in; where
/// all are taken by good ones, one of them has to go and is verified again when it comes back.
///
/// Refused tokens are not remembered: they cannot push out others.
final class VerifiedTokens {
    private static final int WAYS = 8;

    private final AtomicReferenceArray<@Nullable RememberedToken> places;
    private final int mask;

    /// @param capacity a power of two, at least 8
    VerifiedTokens(int capacity) {
        places = new AtomicReferenceArray<>(capacity);
        mask = capacity / WAYS - 1;
    }

    private int first(long hash) {
        return ((int) hash & mask) * WAYS;
    }

    /// What is known of the token with this SHA-256, or null.
    @Nullable
    RememberedToken find(Fingerprint hash) {
        int first = first(hash.a());
        for (int i = first; i < first + WAYS; i++) {
            RememberedToken token = places.getAcquire(i);
            if (token != null && token.is(hash)) {
                return token;
            }
        }
        return null;
    }

    /// Remembers `token`, in the place of one that is good no more where there is one.
    void remember(RememberedToken token, long now) {
        int first = first(token.place());
        int free = -1;
        for (int i = first; i < first + WAYS; i++) {
            RememberedToken there = places.getAcquire(i);
            if (there != null && there.isSameAs(token)) {
                free = i;
                break;
            }
            if (free < 0 && (there == null || !there.good(now))) {
                free = i;
            }
        }
        int place = free >= 0 ? free : first + ThreadLocalRandom.current().nextInt(WAYS);
        places.setRelease(place, token);
    }

    /// How many places are taken.
    int count() {
        int count = 0;
        for (int i = 0; i < places.length(); i++) {
            if (places.getAcquire(i) != null) {
                count++;
            }
        }
        return count;
    }
}
