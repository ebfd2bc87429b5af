package dev.sallyport.api.table;

/// Says what the words of a [SlotTable] mean.
///
/// Words are not negative. One that is [free][#free] says that its key need not be known. Of one key, and of the keys
/// that
/// have its slot one after the other, no word ever comes again.
public interface Words {
    /// What [#after] makes of a word that is to stay as it is.
    long REFUSED = -1;

    /// Whether a key with this word need not be known.
    boolean free(long word, long moment);

    /// The word after `cost` was counted, [#REFUSED] when it is not to be.
    long after(long word, long cost, long moment);

    /// The word of a key that is not in the table.
    default long unknown(long high, long low, long moment) {
        return 0;
    }

    /// The word to begin with in the place of another key's, which is free.
    ///
    /// @param first what it is without regard to that
    default long anew(long word, long first) {
        return Math.max(word, first);
    }
}
