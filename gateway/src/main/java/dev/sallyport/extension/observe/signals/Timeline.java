package dev.sallyport.extension.observe.signals;

/// What is remembered of one scope: fine slices of late, coarse ones of before.
final class Timeline {
    private final Ring fine = new Ring();
    private final Ring coarse = new Ring();

    Ring fine() {
        return fine;
    }

    Ring coarse() {
        return coarse;
    }

    long octets() {
        return fine.octets() + coarse.octets();
    }

    boolean isEmpty() {
        return fine.size() == 0 && coarse.size() == 0;
    }

    void add(long slot, Tally tally) {
        int size = fine.size();
        if (size > 0 && fine.slot(size - 1) == slot) {
            tally.merge(fine.slice(size - 1));
            fine.replaceLast(tally.encoded());
        } else {
            fine.add(slot, tally.encoded());
        }
    }

    /// Makes one coarse slice of the fine ones of slots `from` until before `to`.
    void fold(long coarseSlot, long from, long to) {
        Tally sum = new Tally();
        add(fine, from, to, sum);
        if (!sum.isEmpty()) {
            coarse.add(coarseSlot, sum.encoded());
        }
    }

    /// Adds the slices of slots `from` until before `to` to `sum`.
    static void add(Ring ring, long from, long to, Tally sum) {
        for (int i = ring.from(from); i < ring.size() && ring.slot(i) < to; i++) {
            sum.merge(ring.slice(i));
        }
    }
}
