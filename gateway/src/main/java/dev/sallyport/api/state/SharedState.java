package dev.sallyport.api.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What the gateway remembers between requests: marks that are set once, and small values with an end.
///
/// Safe for all threads; nothing blocks. A stage fails when the store cannot be asked: whoever needs the answer for
/// security refuses then. A space holds either marks or values. Keys are opaque and at most [#LONGEST_KEY] octets as
/// UTF-8, values at most [#LARGEST_VALUE]: callers hash what clients send. What is larger, and a duration out of its
/// range, is a bug of the caller ([IllegalArgumentException]). Nothing live is ever dropped to make room: what does
/// not fit is refused.
public interface SharedState {
    /// The most octets of a key or an owner.
    int LONGEST_KEY = 256;
    /// The most octets of a value.
    int LARGEST_VALUE = 64 * 1024;
    /// The longest a mark can last.
    Duration LONGEST_MARK = Duration.ofDays(1);
    /// The longest a value can last.
    Duration LONGEST_VALUE = Duration.ofDays(400);

    /// Since when every mark is known: marks set before may have been forgotten, as with a process that was started
    /// again. [Instant#MIN] for what never forgot any, and while it is not known: no mark can be set then. It may
    /// move ahead at any time: who goes by it asks again after a mark was set.
    default Instant completeSince() {
        return Instant.MIN;
    }

    /// Whether other processes see the same state, which outlasts this one.
    default boolean shared() {
        return false;
    }

    /// Sets a mark that can be set once until it ends; of any number of callers at the same moment one gets
    /// [Mark#FRESH].
    ///
    /// @param space names the kind of mark; spaces do not see each other and are bounded one by one
    /// @param owner bounds are kept per owner too, so that no sender can use up the room of all; opaque
    /// @param until how long from now, 1 ms to [#LONGEST_MARK]
    CompletionStage<Mark> mark(String space, String owner, String key, Duration until);

    /// The value of `key`, or null for none.
    CompletionStage<byte @Nullable []> get(String space, String key);

    /// Replaces the value of `key`, in one step, if it still is `expected` (null: there is none) by `next` (null:
    /// nothing). False when it is another by now, or when there is no room. A value in the place of another of at
    /// least its size always has room.
    ///
    /// @param until how long `next` is kept, 1 ms to [#LONGEST_VALUE]
    CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until);

    /// Every live value of `space` by its key; for spaces that are small.
    CompletionStage<Map<String, byte[]>> all(String space);

    /// What became of a mark.
    enum Mark {
        /// It was not set, and is now.
        FRESH,
        /// It was set before.
        SEEN,
        /// There is no room; it is not set. To be treated like [#SEEN].
        FULL
    }
}
