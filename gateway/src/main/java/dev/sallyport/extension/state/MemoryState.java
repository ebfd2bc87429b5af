package dev.sallyport.extension.state;

import dev.sallyport.api.state.SharedState;
import java.nio.charset.StandardCharsets;
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
        checkLength("owner", owner);
        checkLength("key", key);
        long now = clock.millis();
        long end = now + millis(until, LONGEST_MARK);
        return CompletableFuture.completedStage(space(space).mark(owner, key, now, end));
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        return CompletableFuture.completedStage(space(space).get(key, clock.millis()));
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        checkLength("key", key);
        if (next != null && next.length > LARGEST_VALUE) {
            throw new IllegalArgumentException(
                    "value: " + next.length + " octets (expected: at most " + LARGEST_VALUE + ")");
        }
        long now = clock.millis();
        long end = next == null ? now : now + millis(until, LONGEST_VALUE);
        byte[] kept = next == null ? null : next.clone();
        return CompletableFuture.completedStage(space(space).replace(key, expected, kept, now, end));
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        Map<String, byte[]> values = new HashMap<>();
        space(space).forEach(clock.millis(), values::put);
        return CompletableFuture.completedStage(values);
    }

    private static void checkLength(String what, String text) {
        // no character takes more than three octets
        if (text.length() * 3 > LONGEST_KEY && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new IllegalArgumentException(what + ": longer than " + LONGEST_KEY + " octets (expected: a hash)");
        }
    }

    private static long millis(Duration until, Duration longest) {
        if (until.compareTo(Duration.ofMillis(1)) < 0 || until.compareTo(longest) > 0) {
            throw new IllegalArgumentException("until: " + until + " (expected: 1 ms to " + longest + ")");
        }
        return until.toMillis();
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
