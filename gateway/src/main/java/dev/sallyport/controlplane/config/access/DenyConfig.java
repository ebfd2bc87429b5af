package dev.sallyport.controlplane.config.access;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who is kept out whatever else allows them in.
@Doc("Who is kept out whatever else allows them in: callers of whom everything that is given holds.")
public record DenyConfig(
        @Doc("Callers with this role, or one that inherits it.") @Nullable
        String role,

        @Doc("Callers with this permission.") @Nullable String permission,

        @Doc("Callers whose token has this scope.")
        @Matches(value = RequireConfig.SCOPE, expected = RequireConfig.SCOPE_EXPECTED)
        @Nullable
        String scope,

        @Doc("Callers whose token has all of these scopes.")
        @Matches(value = RequireConfig.SCOPE, expected = RequireConfig.SCOPE_EXPECTED)
        @Nullable
        List<String> scopes,

        @Doc("Requests for which this condition (CEL) holds; one that cannot be evaluated refuses too.") @Nullable
        String when,

        @Doc("Whether it is enforced.") @Default("enforce") Enforcement mode) {
    public DenyConfig {
        if (Stream.of(role, permission, scope, scopes, when).allMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    "everybody (expected: role, permission, scope, scopes or when; `when: \"true\"` where everybody is"
                            + " meant)");
        }
        RequireConfig.requireSome("scopes", scopes);
    }
}
