package dev.sallyport.controlplane.rights;

import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.rights.Change.Effect;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What two configurations allow, compared: for each request that a route of either is for, with the route that serves
/// it in each. A route that is renamed is the same; one that takes requests away from another is compared with that
/// one.
public final class AccessDiff {
    private static final Caller ANONYMOUS = new Caller.Anonymous();

    private final List<Caller> callers;
    private final List<Reach> before;
    private final List<Reach> after;
    private final Sentences sentences = new Sentences();

    private AccessDiff(AccessMatrix before, AccessMatrix after) {
        this.callers = after.callers();
        this.before = Reach.of(before);
        this.after = Reach.of(after);
    }

    /// All differences, those that need a review first.
    public static List<Change> between(Compiled before, Compiled after) {
        Set<String> roles =
                new LinkedHashSet<>(before.parts().roles().model().roles().keySet());
        roles.addAll(after.parts().roles().model().roles().keySet());
        AccessDiff diff = new AccessDiff(AccessMatrix.of(before, roles), AccessMatrix.of(after, roles));
        diff.compareAll();
        List<Change> changes = new ArrayList<>(diff.sentences.changes());
        changes.addAll(AuthenticatorDiff.between(before, after));
        List<Change> sorted = new ArrayList<>();
        for (Effect effect : List.of(Effect.WIDER, Effect.UNCLEAR, Effect.NARROWER)) {
            changes.stream().filter(change -> change.effect() == effect).forEach(sorted::add);
        }
        return sorted;
    }

    private void compareAll() {
        for (Reach reach : after) {
            compare(serving(before, reach), reach, reach);
        }
        for (Reach reach : before) {
            if (after.stream().noneMatch(reach::equalTo)) {
                compare(reach, serving(after, reach), reach);
                comparePartly(reach);
            }
        }
    }

    /// What serves some of the requests of a route that is gone, and others besides.
    private void comparePartly(Reach gone) {
        for (Reach other : after) {
            if (gone.overlaps(other) && !other.covers(gone) && !gone.covers(other)) {
                compare(gone, other, gone);
            }
        }
    }

    private static @Nullable Reach serving(List<Reach> all, Reach wanted) {
        return all.stream().filter(one -> one.covers(wanted)).min(Reach.ORDER).orElse(null);
    }

    private void compare(@Nullable Reach old, @Nullable Reach now, Reach place) {
        if (now != null && isOpen(now) && !isOpen(old)) {
            sentences.becomesPublic(place, now);
            return;
        }
        for (Caller caller : callers) {
            Set<String> authenticators = new TreeSet<>();
            addAuthenticators(authenticators, old, caller);
            addAuthenticators(authenticators, now, caller);
            if (authenticators.size() > 1) {
                // where one of the two asks for no proof, whoever proves something elsewhere is compared
                authenticators.remove("");
            }
            boolean wider = false;
            boolean narrower = false;
            Set<String> by = new TreeSet<>();
            for (String name : authenticators) {
                Right had = right(old, caller, name);
                Right has = right(now, caller, name);
                wider |= !has.within(had);
                narrower |= !had.within(has);
                if (had.isNever() != has.isNever() && !name.isEmpty()) {
                    by.add(name);
                }
            }
            if (wider || narrower) {
                Effect effect = wider ? Effect.WIDER : Effect.NARROWER;
                sentences.add(
                        effect, caller, by, whole(old, caller), whole(now, caller), place, now == null ? old : now);
            }
        }
    }

    private static boolean isOpen(@Nullable Reach reach) {
        return whole(reach, ANONYMOUS).isAlways();
    }

    private static Right whole(@Nullable Reach reach, Caller caller) {
        return reach == null ? Right.NEVER : reach.row().right(caller);
    }

    private static Right right(@Nullable Reach reach, Caller caller, String authenticator) {
        return reach == null ? Right.NEVER : reach.row().right(caller, authenticator);
    }

    private static void addAuthenticators(Set<String> names, @Nullable Reach reach, Caller caller) {
        if (reach != null) {
            names.addAll(reach.row().rights().getOrDefault(caller, Map.of()).keySet());
        }
    }
}
