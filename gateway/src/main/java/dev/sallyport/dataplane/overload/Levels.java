package dev.sallyport.dataplane.overload;

import java.util.Arrays;

/// How far each rank may go until the next window; made anew for each, never changed.
///
/// @param limit     requests at once, of all ranks
/// @param contended whether there was not enough for all lately: only then are shares kept
/// @param ceilings  by rank, requests of all ranks above which those of this rank get no place: what is left up to the
///     limit is for higher ranks that come next
/// @param quotas    by rank, how many it may have at once, besides floors
/// @param caps      by rank, how many of them one caller may have
/// @param floor     how many a caller in good standing has for certain, whatever others want
/// @param floors    how many those may be together
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Levels(int limit, boolean contended, int[] ceilings, int[] quotas, int[] caps, int floor, int floors) {
    private static final int MOST_STEPS = 3;
    private static final int STEPS_OF_THE_WHOLE = 20;

    /// Levels of a time in which there is enough.
    ///
    /// @param inUse ranks that are in use, as bits
    static Levels calm(int limit, int inUse) {
        int[] all = new int[Rank.COUNT];
        Arrays.fill(all, Integer.MAX_VALUE);
        return new Levels(limit, false, ceilings(limit, inUse), all, all, 0, 0);
    }

    /// Each rank leaves a twentieth to every higher one that is in use, up to three of them.
    static int[] ceilings(int limit, int inUse) {
        int[] ceilings = new int[Rank.COUNT];
        int step = limit >= STEPS_OF_THE_WHOLE / 2 ? Math.max(1, limit / STEPS_OF_THE_WHOLE) : 0;
        int higher = 0;
        for (int rank = Rank.COUNT - 1; rank >= 0; rank--) {
            ceilings[rank] = limit - Math.min(higher, MOST_STEPS) * step;
            if ((inUse & (1 << rank)) != 0) {
                higher++;
            }
        }
        return ceilings;
    }
}
