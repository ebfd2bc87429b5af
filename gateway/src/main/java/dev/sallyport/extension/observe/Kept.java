package dev.sallyport.extension.observe;

import dev.sallyport.telemetry.Metrics;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose series stay: those of the routes, or upstreams, that the configuration in use names. Compared by
/// identity: each
/// configuration has its own.
final class Kept {
    /// Nobody said yet what is kept.
    static final Kept ALL = new Kept(null);

    private final @Nullable Set<String> owners;

    private Kept(@Nullable Set<String> owners) {
        this.owners = owners;
    }

    static Kept only(Set<String> owners) {
        return new Kept(Set.copyOf(owners));
    }

    boolean keeps(String owner) {
        return owners == null || owner.isEmpty() || owner.equals(Metrics.OTHER) || owners.contains(owner);
    }
}
