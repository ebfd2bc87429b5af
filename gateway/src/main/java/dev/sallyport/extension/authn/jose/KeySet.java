package dev.sallyport.extension.authn.jose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of one issuer; immutable. Looked up by exact name, which is never more than a name (threat JW-05).
public final class KeySet {
    /// No keys.
    public static final KeySet EMPTY = new KeySet(List.of());

    private final List<VerificationKey> keys;
    private final Map<String, List<VerificationKey>> byId = new HashMap<>();

    public KeySet(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
        for (VerificationKey key : keys) {
            if (key.id() != null) {
                byId.computeIfAbsent(key.id(), id -> new ArrayList<>(1)).add(key);
            }
        }
    }

    public List<VerificationKey> keys() {
        return keys;
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /// Whether any key is called `id`.
    public boolean knows(String id) {
        return byId.containsKey(id);
    }

    /// The one key for `algorithm` that is called `id`; without an id, the one key for it at all. Null when there is
    /// none, or more than one: nothing is tried out. The name of a secret is not known here, so that any names it.
    public @Nullable VerificationKey find(@Nullable String id, Algorithm algorithm) {
        if (keys.size() == 1 && keys.getFirst().isSecret()) {
            return keys.getFirst().isFor(algorithm) ? keys.getFirst() : null;
        }
        List<VerificationKey> named = id == null ? keys : byId.getOrDefault(id, List.of());
        VerificationKey found = null;
        for (int i = 0; i < named.size(); i++) {
            VerificationKey key = named.get(i);
            if (key.isFor(algorithm)) {
                if (found != null) {
                    return null;
                }
                found = key;
            }
        }
        return found;
    }

    /// A set that replaces this one: keys in both stay the same objects, keys only in this one are retired.
    public KeySet replacedBy(KeySet next) {
        List<VerificationKey> kept = new ArrayList<>(next.keys.size());
        for (VerificationKey key : next.keys) {
            VerificationKey same = same(keys, key);
            kept.add(same == null ? key : same);
        }
        for (VerificationKey old : keys) {
            if (same(next.keys, old) == null) {
                old.retire();
            }
        }
        return new KeySet(kept);
    }

    private static @Nullable VerificationKey same(List<VerificationKey> keys, VerificationKey wanted) {
        for (VerificationKey key : keys) {
            if (key.sameAs(wanted)) {
                return key;
            }
        }
        return null;
    }
}
