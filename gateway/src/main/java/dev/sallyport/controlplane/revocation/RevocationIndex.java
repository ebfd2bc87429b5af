package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Revocations made ready to be looked up by event loops: a few look-ups in hash maps, whatever their number.
/// Immutable.
final class RevocationIndex {
    private static final Condition[] NONE = {};

    static final RevocationIndex EMPTY = new RevocationIndex(List.of(), Instant.EPOCH);

    private final Map<String, Condition[]> byId = new HashMap<>();
    private final Map<String, Condition[]> bySubject = new HashMap<>();
    private final Map<String, Condition[]> byClient = new HashMap<>();
    private final Map<String, Condition[]> byKey = new HashMap<>();
    private final Condition[] byAge;
    private final Instant nextEnd;
    private final int size;

    /// What else must hold.
    ///
    /// @param before seconds of the epoch
    private record Condition(
            @Nullable String issuer, @Nullable String authenticator, long before) {
        boolean holds(Principal caller, Credential credential) {
            return (issuer == null || issuer.equals(credential.issuer()))
                    && (authenticator == null || authenticator.equals(caller.authenticator()))
                    && (credential.issuedAt() < before);
        }

        /// Whether it holds for everything that `other` holds for.
        boolean includes(Condition other) {
            return (issuer == null || issuer.equals(other.issuer))
                    && (authenticator == null || authenticator.equals(other.authenticator))
                    && before >= other.before;
        }
    }

    /// Those of `revocations` that still matter at `now`.
    RevocationIndex(Collection<Revocation> revocations, Instant now) {
        List<Condition> old = new ArrayList<>();
        Instant end = Instant.MAX;
        int count = 0;
        for (Revocation one : revocations) {
            if (one.past(now)) {
                continue;
            }
            count++;
            if (one.expires() != null && one.expires().isBefore(end)) {
                end = one.expires();
            }
            Condition condition = new Condition(one.issuer(), one.authenticator(), before(one));
            if (one.jti() != null) {
                add(byId, one.jti(), condition);
            } else if (one.subject() != null) {
                add(bySubject, one.subject(), condition);
            } else if (one.client() != null) {
                add(byClient, one.client(), condition);
            } else if (one.key() != null) {
                add(byKey, one.key(), condition);
            } else if (old.stream().noneMatch(other -> other.includes(condition))) {
                old.removeIf(condition::includes);
                old.add(condition);
            }
        }
        byAge = old.toArray(NONE);
        nextEnd = end;
        size = count;
    }

    /// Credentials tell their age in whole seconds: one of the same second may be older, so it counts as older.
    private static long before(Revocation revocation) {
        Instant time = revocation.issuedBefore();
        if (time == null) {
            return Long.MAX_VALUE;
        }
        return time.getNano() == 0 ? time.getEpochSecond() : time.getEpochSecond() + 1;
    }

    private static void add(Map<String, Condition[]> map, String value, Condition condition) {
        Condition[] before = map.getOrDefault(value, NONE);
        Condition[] all = Arrays.copyOf(before, before.length + 1);
        all[before.length] = condition;
        map.put(value, all);
    }

    /// How many there are.
    int size() {
        return size;
    }

    /// When the first of them no longer matters.
    Instant nextEnd() {
        return nextEnd;
    }

    /// Whether the caller's credential is among them.
    boolean covers(Principal caller) {
        Credential credential = caller.credential();
        return any(byId, credential.id(), caller, credential)
                || any(bySubject, caller.id(), caller, credential)
                || any(byClient, credential.client(), caller, credential)
                || any(byKey, credential.key(), caller, credential)
                || any(byAge, caller, credential);
    }

    private static boolean any(
            Map<String, Condition[]> map, @Nullable String value, Principal caller, Credential credential) {
        if (value == null || map.isEmpty()) {
            return false;
        }
        Condition[] conditions = map.get(value);
        return conditions != null && any(conditions, caller, credential);
    }

    private static boolean any(Condition[] conditions, Principal caller, Credential credential) {
        for (Condition condition : conditions) {
            if (condition.holds(caller, credential)) {
                return true;
            }
        }
        return false;
    }
}
