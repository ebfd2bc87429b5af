package dev.sallyport.extension.authn.jose;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// For whom a token is, its `aud` (RFC 7519 §4.1.3): one text, or a list of texts and nothing else.
public final class Audience {
    private static final int MOST = 100;

    private Audience() {}

    /// Whether any of `ours` is named by the claim, to the letter (threat JW-11).
    public static boolean isAmong(@Nullable Object claimed, List<String> ours) {
        return switch (claimed) {
            case String one -> ours.contains(one);
            case List<?> list ->
                list.size() <= MOST
                        && list.stream().allMatch(String.class::isInstance)
                        && list.stream().anyMatch(ours::contains);
            case null, default -> false;
        };
    }
}
