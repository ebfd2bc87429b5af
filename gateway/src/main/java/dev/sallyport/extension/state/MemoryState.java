package dev.sallyport.extension.state;

import dev.sallyport.api.state.SharedState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Shared state of one process; gone with it. Bounded: what does not fit is refused, nothing live is dropped.
public final class MemoryState implements SharedState {
    private static final int MOST_PER_SPACE = 1_000_000;
    private static final int MOST_PER_OWNER = 10_000;

    private final InstantSource clock;
    private final int mostPerSpace;
    private final int mostPerOwner;
    private final Map<String, MemorySpace> spaces = new ConcurrentHashMap<>();

    public MemoryState(InstantSource clock) {
        this(clock, MOST_PER_SPACE, MOST_PER_OWNER);
    }

    MemoryState(InstantSource clock, int mostPerSpace, int mostPerOwner) {
        this.clock = clock;
        this.mostPerSpace = mostPerSpace;
        this.mostPerOwner = mostPerOwner;
    }

    private MemorySpace space(String name) {
        return spaces.computeIfAbsent(name, key -> new MemorySpace(mostPerSpace, mostPerOwner));
    }

    @Override
    public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
        long now = clock.millis();
        return CompletableFuture.completedStage(space(space).mark(owner, key, now, now + until.toMillis()));
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        return CompletableFuture.completedStage(space(space).get(key, clock.millis()));
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        long now = clock.millis();
        byte[] kept = next == null ? null : Arrays.copyOf(next, next.length);
        return CompletableFuture.completedStage(space(space).replace(key, expected, kept, now, now + until.toMillis()));
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        Map<String, byte[]> values = new HashMap<>();
        space(space).forEach(clock.millis(), values::put);
        return CompletableFuture.completedStage(values);
    }
}
