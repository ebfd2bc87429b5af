package dev.sallyport.api.state;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a [SharedState] may be asked for: the same bounds wherever it is kept. Each complaint is an
/// [IllegalArgumentException].
public final class Asked {
    private Asked() {}

    /// Checks the length of a key or an owner.
    ///
    /// @param what it is
    public static void checkLength(String what, String text) {
        // no character takes more than three octets
        if (text.length() * 3 > SharedState.LONGEST_KEY
                && text.getBytes(StandardCharsets.UTF_8).length > SharedState.LONGEST_KEY) {
            throw new IllegalArgumentException(
                    what + ": longer than " + SharedState.LONGEST_KEY + " octets (expected: a hash)");
        }
    }

    /// Checks the size of a value.
    public static void checkSize(byte @Nullable [] value) {
        if (value != null && value.length > SharedState.LARGEST_VALUE) {
            throw new IllegalArgumentException(
                    "value: " + value.length + " octets (expected: at most " + SharedState.LARGEST_VALUE + ")");
        }
    }

    /// How long something is kept, in milliseconds.
    public static long millis(Duration until, Duration longest) {
        if (until.compareTo(Duration.ofMillis(1)) < 0 || until.compareTo(longest) > 0) {
            throw new IllegalArgumentException("until: " + until + " (expected: 1 ms to " + longest + ")");
        }
        return until.toMillis();
    }
}
