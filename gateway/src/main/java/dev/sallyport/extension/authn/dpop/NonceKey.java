package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.state.SharedState;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The key that nonces are made with: random, made by whichever node is first, the same for all that share a state.
/// Any thread; asks the state now and then, never waits.
final class NonceKey {
    private static final String SPACE = "dpop-nonce-key";
    private static final String NAME = "key";
    private static final int OCTETS = 32;
    private static final Duration KEPT = Duration.ofDays(30);
    /// How soon a key that another node made is learnt.
    private static final long ASK_EVERY_MILLIS = 60_000;

    private final SharedState state;
    private final InstantSource clock;
    private final byte[] candidate = new byte[OCTETS];
    private final AtomicLong askAgainAt = new AtomicLong(Long.MIN_VALUE);
    private volatile byte @Nullable [] known;

    NonceKey(SharedState state, InstantSource clock) {
        this.state = state;
        this.clock = clock;
        new SecureRandom().nextBytes(candidate);
    }

    /// The key as far as it is known.
    byte @Nullable [] known() {
        long now = clock.millis();
        long due = askAgainAt.get();
        if (known != null && now >= due && askAgainAt.compareAndSet(due, now + ASK_EVERY_MILLIS)) {
            ask();
        }
        return known;
    }

    /// Asks for the key; fails when the state cannot be asked or has no room for it.
    CompletionStage<byte[]> ask() {
        return find().thenApply(key -> {
            known = key;
            askAgainAt.set(clock.millis() + ASK_EVERY_MILLIS);
            return key;
        });
    }

    private CompletionStage<byte[]> find() {
        return state.get(SPACE, NAME).thenCompose(found -> found != null ? done(found) : make());
    }

    private CompletionStage<byte[]> make() {
        return state.replace(SPACE, NAME, null, candidate, KEPT)
                .thenCompose(made -> made ? done(candidate) : ofAnother());
    }

    private CompletionStage<byte[]> ofAnother() {
        return state.get(SPACE, NAME)
                .thenCompose(found -> found != null
                        ? done(found)
                        : CompletableFuture.failedStage(new IllegalStateException("no room for the key of nonces")));
    }

    private static CompletionStage<byte[]> done(byte[] key) {
        return CompletableFuture.completedStage(key);
    }
}
