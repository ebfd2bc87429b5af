package dev.sallyport.dataplane.overload;

import java.util.Arrays;

/// Divides the places of an upstream among those who want more than there are. Used by one thread at a time.
///
/// First every caller in good standing gets what it wants up to its floor, an equal part of half of all places. The
/// rest
/// goes to ranks from the highest down. Where what is left does not suffice for a rank, its callers get equal parts of
/// it,
/// and what some of them do not want goes to the others (threat RL-12).
final class Division {
    private static final double REMEMBERED = 0.8;
    private static final double FORGOTTEN = 0.1;

    private final double[][] remembered = new double[Rank.COUNT][Shares.SLOTS];
    private final double[][] wanted = new double[Rank.COUNT][Shares.SLOTS];
    private final double[] floors = new double[Shares.SLOTS];
    private final double[] goods = new double[Shares.SLOTS];

    /// The levels of the next window.
    ///
    /// @param bounds between which limits move
    /// @param lately what the limit was lately at most: floors do not go down at once
    /// @param share the part of the last window that a request takes
    /// @param inUse ranks that are in use, as bits
    Levels of(Shares shares, Bounds bounds, int limit, int lately, double share, int inUse) {
        int reserve = limit > 3 ? Math.max(1, limit / 20) : 0;
        double room = limit - reserve;
        boolean[] asked = new boolean[Rank.COUNT];
        Arrays.fill(goods, 0);
        for (int rank = 0; rank < Rank.COUNT; rank++) {
            asked[rank] = demand(shares, rank, share);
            if (asked[rank] && Rank.knownGood(rank)) {
                for (int slot = 0; slot < Shares.SLOTS; slot++) {
                    goods[slot] += wanted[rank][slot];
                }
            }
        }
        shares.demand(Shares.FLOORS, share, floors);
        int known = 0;
        for (int slot = 0; slot < Shares.SLOTS; slot++) {
            goods[slot] = Math.max(goods[slot], floors[slot]);
            known += goods[slot] > 0 ? 1 : 0;
        }
        int floor = known == 0 ? 0 : Math.max(1, lately / 2 / known);
        room = Math.max(0, room - grantFloors(floor, lately / 2));
        int overhang = overhang(shares, Shares.FLOORS, floor);
        int[] quotas = new int[Rank.COUNT];
        int[] caps = new int[Rank.COUNT];
        for (int rank = Rank.COUNT - 1; rank >= 0; rank--) {
            double sum = asked[rank] ? sum(wanted[rank]) : 0;
            double rounded = withMargin(sum);
            if (rounded <= room) {
                quotas[rank] = Integer.MAX_VALUE;
                caps[rank] = Integer.MAX_VALUE;
                room -= rounded;
            } else {
                for (int slot = 0; slot < Shares.SLOTS; slot++) {
                    wanted[rank][slot] = withMargin(wanted[rank][slot]);
                }
                double level = level(wanted[rank], room);
                caps[rank] = (int) Math.max(1, Math.round(level));
                // caps suffice, unless there is less than one place for each
                overhang += overhang(shares, rank, caps[rank]);
                quotas[rank] = level >= 1 ? Integer.MAX_VALUE : (int) Math.round(room);
                room = 0;
            }
        }
        // what somebody still holds beyond its share is not to be to the harm of those who hold less
        int reach = Math.min(bounds.max(), limit + overhang);
        return new Levels(limit, true, Levels.ceilings(reach, inUse), quotas, caps, floor, lately / 2);
    }

    private static int overhang(Shares shares, int rank, int most) {
        int overhang = 0;
        for (int slot = 0; slot < Shares.SLOTS; slot++) {
            overhang += Math.max(0, shares.taken(rank, slot) - most);
        }
        return overhang;
    }

    /// Forgets who wanted what.
    void forget() {
        for (double[] rank : remembered) {
            Arrays.fill(rank, 0);
        }
    }

    /// What is wanted rises at once and falls slowly: who wants less for a moment should find its places when it is
    /// back,
    /// and not somebody in them who keeps them long.
    private boolean demand(Shares shares, int rank, double share) {
        double[] now = wanted[rank];
        double[] before = remembered[rank];
        boolean any = shares.demand(rank, share, now);
        for (int slot = 0; slot < Shares.SLOTS; slot++) {
            double kept = Math.max(now[slot], before[slot] * REMEMBERED + now[slot] * (1 - REMEMBERED));
            kept = kept < FORGOTTEN ? 0 : kept;
            before[slot] = kept;
            now[slot] = kept;
            any |= kept > 0;
        }
        return any;
    }

    /// Takes what floors give out of what is wanted, from the highest ranks of each caller.
    private double grantFloors(int floor, int most) {
        double granted = 0;
        for (int slot = 0; slot < Shares.SLOTS; slot++) {
            double left = Math.min(floor, goods[slot]);
            granted += left;
            for (int rank = Rank.COUNT - 1; rank >= 0 && left > 0; rank--) {
                if (Rank.knownGood(rank)) {
                    double part = Math.min(left, wanted[rank][slot]);
                    wanted[rank][slot] -= part;
                    left -= part;
                }
            }
        }
        return Math.min(granted, most);
    }

    /// Requests do not come evenly: who wants a few should find one more.
    private static double withMargin(double wanted) {
        return wanted + Math.min(wanted, Math.sqrt(wanted));
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /// The height up to which `room` fills what is wanted, when all get the same and nobody more than it wants.
    static double level(double[] wanted, double room) {
        double level = 0;
        double left = room;
        int above = wanted.length;
        while (above > 0) {
            double next = left / above;
            double small = 0;
            int greedy = 0;
            for (double one : wanted) {
                if (one > next) {
                    greedy++;
                } else {
                    small += one;
                }
            }
            level = next;
            if (greedy == above) {
                return level;
            }
            above = greedy;
            left = room - small;
        }
        return Math.max(level, room);
    }
}
