package dev.sallyport.controlplane.config.access;

import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Shorthand;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a caller must meet.
@Doc("What a caller must meet: exactly one of these.")
@Shorthand("permission")
public record RequireConfig(
        @Doc("A permission, `resource:action`: one of the caller's roles grants it.") @Nullable
        String permission,

        @Doc("The name of a role: the caller has it, or one that inherits it.") @Nullable
        String role,

        @Doc("A scope of the caller's token.")
        @Matches(value = RequireConfig.SCOPE, expected = RequireConfig.SCOPE_EXPECTED)
        @Nullable
        String scope,

        @Doc("Scopes of the caller's token, all of them.")
        @Matches(value = RequireConfig.SCOPE, expected = RequireConfig.SCOPE_EXPECTED)
        @Nullable
        List<String> scopes,

        @Doc("Several such, one of which is enough.") @Nullable
        List<RequireConfig> anyOf,

        @Doc("Several such, all of which are needed.") @Nullable
        List<RequireConfig> allOf,

        @Doc("How well the caller must have proven who it is.") @Nullable
        StrengthConfig strength) {
    static final String SCOPE = "[!#-\\[\\]-~]+";
    static final String SCOPE_EXPECTED = "a scope: text without spaces, quotes and backslashes";

    public RequireConfig {
        long given = Stream.of(permission, role, scope, scopes, anyOf, allOf, strength)
                .filter(Objects::nonNull)
                .count();
        if (given != 1) {
            throw new IllegalArgumentException((given == 0 ? "nothing" : given + " things")
                    + " (expected: one of permission, role, scope, scopes, any-of, all-of and strength)");
        }
        requireSome("scopes", scopes);
        requireSome("any-of", anyOf);
        requireSome("all-of", allOf);
    }

    static void requireSome(String key, @Nullable List<?> list) {
        if (list != null && list.isEmpty()) {
            throw new IllegalArgumentException(key + ": none (expected: at least one)");
        }
    }

    /// The scopes it is about, in either spelling; null when it is about none.
    public @Nullable List<String> allScopes() {
        return scope == null ? scopes : List.of(scope);
    }
}
