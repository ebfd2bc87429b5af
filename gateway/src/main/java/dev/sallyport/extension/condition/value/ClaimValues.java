package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Claims, of any type.
@Immutable
@SuppressWarnings("Immutable") // a view of immutable claims
final class ClaimValues extends NamedValues {
    private final Map<?, ?> claims;

    ClaimValues(Map<?, ?> claims) {
        this.claims = claims;
    }

    @Override
    @Nullable
    Object named(String name) {
        Object value = claims.get(name);
        return value instanceof Map<?, ?> map ? new ClaimValues(map) : value;
    }

    @Override
    @SuppressWarnings("unchecked") // claims have names, as in JSON
    Set<String> names() {
        return (Set<String>) claims.keySet();
    }

    @Override
    String title() {
        return "claims";
    }
}
