package dev.sallyport.extension.state;

import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.state.Asked;
import dev.sallyport.api.state.SharedState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    private static final int MOST_SPACES = 1000;
    /// A space may not hold more than this part of the heap.
    private static final int PART_OF_HEAP = 8;

    private final InstantSource clock;
    private final Room.Bounds bounds;
    private final Instant since;
    private final Map<String, MemorySpace> spaces = new ConcurrentHashMap<>();

    /// There is nothing to configure.
    public record Config() {}

    /// Makes it.
    public static final class Factory implements PluginFactory<Config, SharedState> {
        @Override
        public String kind() {
            return "memory";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Class<SharedState> pluginType() {
            return SharedState.class;
        }

        @Override
        public SharedState create(Config config, PluginContext context) {
            return new MemoryState(context.services().clock());
        }
    }

    public MemoryState(InstantSource clock) {
        this(
                clock,
                new Room.Bounds(
                        MOST_PER_SPACE, MOST_PER_OWNER, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }

    MemoryState(InstantSource clock, Room.Bounds bounds) {
        this.clock = clock;
        this.bounds = bounds;
        this.since = clock.instant();
    }

    private MemorySpace space(String name) {
        MemorySpace known = spaces.get(name);
        if (known != null) {
            return known;
        }
        if (spaces.size() >= MOST_SPACES) {
            throw new IllegalStateException("more than " + MOST_SPACES + " spaces");
        }
        return spaces.computeIfAbsent(name, key -> new MemorySpace(bounds));
    }

    @Override
    public Instant completeSince() {
        return since;
    }

    @Override
    public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
        Asked.checkLength("owner", owner);
        Asked.checkLength("key", key);
        long now = clock.millis();
        long end = now + Asked.millis(until, LONGEST_MARK);
        return CompletableFuture.completedStage(space(space).mark(owner, key, now, end));
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        return CompletableFuture.completedStage(space(space).get(key, clock.millis()));
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        Asked.checkLength("key", key);
        Asked.checkSize(next);
        long now = clock.millis();
        long end = next == null ? now : now + Asked.millis(until, LONGEST_VALUE);
        byte[] kept = next == null ? null : next.clone();
        return CompletableFuture.completedStage(space(space).replace(key, expected, kept, now, end));
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        Map<String, byte[]> values = new HashMap<>();
        space(space).forEach(clock.millis(), values::put);
        return CompletableFuture.completedStage(values);
    }

    /// What is taken of `space`.
    Room room(String space) {
        return space(space).room();
    }

    /// How many ends of entries of `space` are kept.
    int ends(String space) {
        return space(space).ends();
    }
}
