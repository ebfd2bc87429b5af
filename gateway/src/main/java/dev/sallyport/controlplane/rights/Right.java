package dev.sallyport.controlplane.rights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether somebody may do something: always, never, or in any of some ways, each of which needs several circumstances.
/// Circumstances count as independent of each other, so that a right is never told smaller than it is.
public final class Right {
    /// In every circumstance.
    public static final Right ALWAYS = new Right(List.of(new TreeSet<>()));

    /// In none.
    public static final Right NEVER = new Right(List.of());

    /// More ways than these are of no use to a reader, and could be very many.
    private static final int MOST_WAYS = 256;

    private final List<SortedSet<Circumstance>> ways;

    private Right(List<SortedSet<Circumstance>> ways) {
        this.ways = ways;
    }

    /// Only where `text` holds.
    public static Right where(String text) {
        return new Right(List.of(new TreeSet<>(Set.of(new Circumstance(text, true)))));
    }

    public boolean isAlways() {
        return ways.size() == 1 && ways.getFirst().isEmpty();
    }

    public boolean isNever() {
        return ways.isEmpty();
    }

    /// In the circumstances of either.
    public Right or(Right other) {
        List<SortedSet<Circumstance>> all = new ArrayList<>(ways);
        all.addAll(other.ways);
        return of(all);
    }

    /// Only in the circumstances of both.
    public Right and(Right other) {
        List<SortedSet<Circumstance>> all = new ArrayList<>();
        for (SortedSet<Circumstance> one : ways) {
            for (SortedSet<Circumstance> two : other.ways) {
                SortedSet<Circumstance> both = new TreeSet<>(one);
                both.addAll(two);
                if (both.stream().noneMatch(circumstance -> both.contains(circumstance.contrary()))) {
                    all.add(both);
                }
            }
        }
        return of(all);
    }

    /// In all other circumstances.
    public Right not() {
        Right rest = ALWAYS;
        for (SortedSet<Circumstance> way : ways) {
            Right broken = NEVER;
            for (Circumstance circumstance : way) {
                broken = broken.or(new Right(List.of(new TreeSet<>(Set.of(circumstance.contrary())))));
            }
            rest = rest.and(broken);
        }
        return rest;
    }

    /// Whether `other` holds wherever this does.
    public boolean within(Right other) {
        return ways.stream().allMatch(way -> other.coversAll(way));
    }

    /// Whether this holds in everything that is left open by `given`.
    private boolean coversAll(SortedSet<Circumstance> given) {
        List<SortedSet<Circumstance>> open = new ArrayList<>();
        for (SortedSet<Circumstance> way : ways) {
            if (way.stream().noneMatch(one -> given.contains(one.contrary()))) {
                SortedSet<Circumstance> left = new TreeSet<>(way);
                left.removeAll(given);
                if (left.isEmpty()) {
                    return true;
                }
                open.add(left);
            }
        }
        if (open.isEmpty()) {
            return false;
        }
        Circumstance undecided = open.getFirst().first();
        return new Right(open).coversAll(with(given, undecided))
                && new Right(open).coversAll(with(given, undecided.contrary()));
    }

    private static SortedSet<Circumstance> with(SortedSet<Circumstance> given, Circumstance one) {
        SortedSet<Circumstance> more = new TreeSet<>(given);
        more.add(one);
        return more;
    }

    private static Right of(Collection<SortedSet<Circumstance>> all) {
        List<SortedSet<Circumstance>> least = new ArrayList<>();
        for (SortedSet<Circumstance> way : all.stream().distinct().toList()) {
            if (all.stream().noneMatch(other -> other.size() < way.size() && way.containsAll(other))) {
                least.add(way);
            }
        }
        if (least.size() > MOST_WAYS) {
            return where("one of " + least.size() + " combinations of conditions ("
                    + Integer.toHexString(least.toString().hashCode()) + ")");
        }
        least.sort((one, two) -> one.toString().compareTo(two.toString()));
        return new Right(List.copyOf(least));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Right that && ways.equals(that.ways);
    }

    @Override
    public int hashCode() {
        return ways.hashCode();
    }

    /// `always`, `never`, or the circumstances.
    @Override
    public String toString() {
        if (isAlways()) {
            return "always";
        }
        return isNever()
                ? "never"
                : ways.stream()
                        .map(way -> way.stream().map(Circumstance::toString).collect(Collectors.joining(" and ")))
                        .collect(Collectors.joining(", or "));
    }
}
