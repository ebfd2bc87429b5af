package dev.sallyport.app.process;

import dev.sallyport.api.state.SharedState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The state that a process lends before it knows where its configuration wants it kept; until then every stage fails.
public final class LentState implements SharedState {
    private final AtomicReference<@Nullable SharedState> kept = new AtomicReference<>();

    /// Lends `state` from now on; only the first call has any effect.
    public void open(SharedState state) {
        kept.compareAndSet(null, state);
    }

    private static <T extends @Nullable Object> CompletionStage<T> early() {
        return CompletableFuture.failedStage(new IllegalStateException("shared state is not open yet"));
    }

    @Override
    public Instant completeSince() {
        SharedState state = kept.get();
        return state == null ? Instant.MIN : state.completeSince();
    }

    @Override
    public boolean shared() {
        SharedState state = kept.get();
        return state != null && state.shared();
    }

    @Override
    public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
        SharedState state = kept.get();
        return state == null ? early() : state.mark(space, owner, key, until);
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        SharedState state = kept.get();
        return state == null ? early() : state.get(space, key);
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        SharedState state = kept.get();
        return state == null ? early() : state.replace(space, key, expected, next, until);
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        SharedState state = kept.get();
        return state == null ? early() : state.all(space);
    }
}
