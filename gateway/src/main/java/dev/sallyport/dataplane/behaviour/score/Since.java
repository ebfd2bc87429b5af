package dev.sallyport.dataplane.behaviour.score;

import dev.sallyport.api.table.Words;

/// Words that say since when something is known, and until when it is remembered: seconds, the latter above the
/// former.
public final class Since implements Words {
    public static final Since WORDS = new Since();

    private static final int BITS = 31;
    private static final long SINCE = (1L << BITS) - 1;

    private Since() {}

    /// What the table takes for the present.
    public static long moment(long seconds) {
        return seconds << BITS;
    }

    /// Since when, in seconds; −1 where nothing is remembered.
    public static long since(long word, long moment) {
        return word < moment ? -1 : word & SINCE;
    }

    @Override
    public boolean free(long word, long moment) {
        return word < moment;
    }

    /// @param cost for how many seconds it is to be remembered from now on
    @Override
    public long after(long word, long cost, long moment) {
        long now = moment >>> BITS;
        long since = word < moment ? now : word & SINCE;
        return Math.max(word, ((now + cost) << BITS) | since);
    }
}
