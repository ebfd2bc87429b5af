package dev.sallyport.extension.state.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which generation of marks the store is in: from one on, no mark was forgotten. Any thread.
final class Generations {
    private static final byte[] NONE = {};

    private final AtomicReference<@Nullable Generation> current = new AtomicReference<>();
    private final String first;
    private final AtomicLong made = new AtomicLong();
    private final Consumer<Instant> forgot;
    private volatile byte[] servers = NONE;

    /// One generation.
    ///
    /// @param since by the server's clock
    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays
    record Generation(byte[] id, Instant since) {
        boolean is(Generation other) {
            return Arrays.equals(id, other.id);
        }
    }

    /// @param random that no other process has
    /// @param forgot told when another generation has begun
    Generations(byte[] random, Consumer<Instant> forgot) {
        this.first = HexFormat.of().formatHex(random) + "-";
        this.forgot = forgot;
    }

    /// The one that is known, null while the server was not seen yet.
    @Nullable
    Generation current() {
        return current.get();
    }

    /// A name that no generation had.
    byte[] nextId() {
        return (first + made.incrementAndGet()).getBytes(US_ASCII);
    }

    /// The servers that were last seen.
    byte[] servers() {
        return servers;
    }

    void seen(String names) {
        servers = names.getBytes(US_ASCII);
    }

    /// Goes by what the register says: id and time.
    Generation adopt(List<byte[]> answer) {
        long since = Long.parseLong(new String(answer.get(1), US_ASCII));
        Generation next = new Generation(answer.get(0), Instant.ofEpochMilli(since));
        while (true) {
            Generation before = current.get();
            if (before != null && (before.is(next) || before.since.isAfter(next.since))) {
                return next;
            }
            if (current.compareAndSet(before, next)) {
                if (before != null) {
                    forgot.accept(next.since);
                }
                return next;
            }
        }
    }
}
