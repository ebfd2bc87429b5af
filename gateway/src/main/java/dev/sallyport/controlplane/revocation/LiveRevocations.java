package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.identity.Principal;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What is revoked now, for event loops: one volatile read where nothing is.
public final class LiveRevocations implements Revocations {
    private final LongAdder found = new LongAdder();

    /// Null while nothing is revoked and that is certain.
    private volatile @Nullable Known known;

    /// What is known.
    ///
    /// @param outdated for too long nothing could be learnt
    private record Known(RevocationIndex index, boolean outdated) {}

    @Override
    public Standing standing(Principal principal) {
        Known now = known;
        if (now == null) {
            return Standing.GOOD;
        }
        if (now.index.covers(principal)) {
            found.increment();
            return Standing.REVOKED;
        }
        return now.outdated ? Standing.UNKNOWN : Standing.GOOD;
    }

    void replace(RevocationIndex index, boolean outdated) {
        known = index.size() == 0 && !outdated ? null : new Known(index, outdated);
    }

    RevocationIndex index() {
        Known now = known;
        return now == null ? RevocationIndex.EMPTY : now.index;
    }

    boolean outdated() {
        Known now = known;
        return now != null && now.outdated;
    }

    /// How often a credential was found to be revoked.
    long found() {
        return found.sum();
    }
}
