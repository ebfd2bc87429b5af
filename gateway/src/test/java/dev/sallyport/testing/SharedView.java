package dev.sallyport.testing;

import dev.sallyport.api.state.SharedState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Some state as the store of several gateways, which may fail.
///
/// @param failing whether every stage fails now
public record SharedView(SharedState state, BooleanSupplier failing) implements SharedState {
    private <T extends @Nullable Object> CompletionStage<T> unlessFailing(CompletionStage<T> answer) {
        return failing.getAsBoolean()
                ? CompletableFuture.failedStage(new IllegalStateException("the store is down"))
                : answer;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Instant completeSince() {
        return state.completeSince();
    }

    @Override
    public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
        return unlessFailing(state.mark(space, owner, key, until));
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        return unlessFailing(state.get(space, key));
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        return unlessFailing(state.replace(space, key, expected, next, until));
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        return unlessFailing(state.all(space));
    }
}
