package dev.sallyport.extension.token.assertion;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The field value that asserts who one caller is: signed once, used by all its requests on one loop until shortly
/// before it ends, and signed anew before that, so that only the very first request waits. Confined to its loop.
final class Assertion {
    private @Nullable String value;
    private long renewAt;
    private long until;
    private @Nullable CompletionStage<String> signing;

    /// The value to use at `now` (seconds of the epoch), or null when there is none any more.
    @Nullable
    String at(long now) {
        return now < until ? value : null;
    }

    /// Whether a new one should be signed at `now`.
    boolean due(long now) {
        return now >= renewAt && signing == null;
    }

    @Nullable
    CompletionStage<String> signing() {
        return signing;
    }

    void signing(CompletionStage<String> stage) {
        signing = stage;
    }

    /// Takes what was signed at `now` and ends at `expires`.
    void signed(String signedValue, long now, long expires) {
        long life = expires - now;
        value = signedValue;
        renewAt = now + Math.max(1, life / 2);
        until = expires - Math.min(5, life / 4);
        signing = null;
    }

    /// Nothing was signed: what there is stays, and the next request tries again.
    void failed() {
        signing = null;
    }
}
