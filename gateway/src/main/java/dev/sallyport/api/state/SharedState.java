package dev.sallyport.api.state;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What the gateway remembers between requests: marks that are set once, and small values with an end.
///
/// Safe for all threads; nothing blocks. A stage fails when the store cannot be asked: whoever needs the answer for
/// security refuses then. Keys are opaque and at most 256 octets as UTF-8: callers hash what clients send. Nothing
/// live is ever dropped to make room: what does not fit is refused.
public interface SharedState {
    /// Sets a mark that can be set once until it ends; of any number of callers at the same moment one gets
    /// [Mark#FRESH].
    ///
    /// @param space names the kind of mark; spaces do not see each other and are bounded one by one
    /// @param owner bounds are kept per owner too, so that one sender cannot use up the room of all; opaque
    /// @param until how long from now, 1 ms to 1 day
    CompletionStage<Mark> mark(String space, String owner, String key, Duration until);

    /// The value of `key`, or null for none.
    CompletionStage<byte @Nullable []> get(String space, String key);

    /// Replaces the value of `key`, in one step, if it still is `expected` (null: there is none) by `next` (null:
    /// nothing). False when it is another by now, or when there is no room.
    ///
    /// @param until how long `next` is kept, 1 ms to 400 days
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
