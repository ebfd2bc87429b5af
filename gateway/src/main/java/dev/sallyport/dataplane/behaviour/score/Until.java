package dev.sallyport.dataplane.behaviour.score;

import dev.sallyport.api.table.Words;

/// Words that are a time until which something holds.
public final class Until implements Words {
    public static final Until WORDS = new Until();

    private Until() {}

    @Override
    public boolean free(long word, long moment) {
        return word < moment;
    }

    /// @param cost the time until which it is to hold at least
    @Override
    public long after(long word, long cost, long moment) {
        return Math.max(word, cost);
    }
}
