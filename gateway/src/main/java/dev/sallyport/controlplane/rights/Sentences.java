package dev.sallyport.controlplane.rights;

import dev.sallyport.controlplane.rights.Change.Effect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Differences put into sentences: one for all methods of which the same can be said, and none for a role of which no
/// more can be said than of every proven caller.
final class Sentences {
    private static final int EVERY_METHOD = 6;

    private final Map<Said, Set<String>> methods = new LinkedHashMap<>();

    /// A sentence without its methods.
    private record Said(Effect effect, Caller caller, String begin, String end, String route) {}

    void becomesPublic(Reach place, Reach now) {
        Said said = new Said(
                Effect.WIDER,
                new Caller.Anonymous(),
                "route " + now.row().route() + " becomes public:",
                place.place(),
                now.row().route());
        note(said, place);
    }

    /// @param by      authenticators whose callers could not do it at all, or cannot any more
    /// @param had     what the caller could do
    /// @param has     what it can do
    /// @param serving the route that serves it, or served it; null for none
    void add(Effect effect, Caller caller, Set<String> by, Right had, Right has, Reach place, @Nullable Reach serving) {
        String route = serving == null ? place.row().route() : serving.row().route();
        String begin;
        String end = "";
        if (had.isNever()) {
            begin = " gains";
            end = has.isAlways() ? "" : " if " + has;
        } else if (has.isNever()) {
            begin = " loses";
        } else if (has.isAlways() && had.isAlways()) {
            begin = effect == Effect.WIDER ? " gains" : " loses";
            end = by.isEmpty() ? "" : " when proven by " + String.join(" or ", by);
        } else if (effect == Effect.NARROWER) {
            begin = " may";
            end = " now only if " + has;
        } else if (has.isAlways()) {
            begin = " may";
            end = " no longer only if " + had;
        } else {
            begin = " may";
            end = " now if " + has + ", no longer only if " + had;
        }
        note(new Said(effect, caller, caller.label() + begin, place.place() + end, route), place);
    }

    private void note(Said said, Reach place) {
        methods.computeIfAbsent(said, _ -> new LinkedHashSet<>())
                .add(place.method().name());
    }

    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        methods.forEach((said, of) -> {
            if (!saidOfEverybody(said, of)) {
                String list = of.size() == EVERY_METHOD ? "any method of" : String.join(", ", of);
                changes.add(new Change(
                        said.effect,
                        said.caller.label(),
                        said.route,
                        said.begin + " " + list + " " + said.end + " (route " + said.route + ")"));
            }
        });
        return changes;
    }

    private boolean saidOfEverybody(Said said, Set<String> of) {
        if (!(said.caller instanceof Caller.WithRole)) {
            return false;
        }
        Caller every = new Caller.AnyProven();
        String verb = said.begin.substring(said.caller.label().length());
        Set<String> known = methods.get(new Said(said.effect, every, every.label() + verb, said.end, said.route));
        return known != null && known.containsAll(of);
    }
}
