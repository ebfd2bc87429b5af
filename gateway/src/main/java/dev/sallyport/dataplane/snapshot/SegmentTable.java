package dev.sallyport.dataplane.snapshot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An immutable map whose keys are looked up as parts of a longer text, without taking the part out.
final class SegmentTable<V> {
    private final @Nullable String[] keys;
    private final @Nullable Object[] values;
    private final int mask;

    SegmentTable(Map<String, V> entries) {
        // At most half full, so that runs of taken slots stay short.
        int size = Integer.highestOneBit(Math.max(entries.size(), 1)) * 4;
        keys = new @Nullable String[size];
        values = new @Nullable Object[size];
        mask = size - 1;
        entries.forEach(this::put);
    }

    private void put(String key, V value) {
        int slot = spread(hash(key, 0, key.length())) & mask;
        while (keys[slot] != null) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    /// The value for `text[start, end)`, whose [#hash] is `hash`, or null.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // only values of V are ever put in
    @Nullable
    V find(String text, int start, int end, int hash) {
        int slot = spread(hash) & mask;
        String key;
        while ((key = keys[slot]) != null) {
            if (key.length() == end - start && text.startsWith(key, start)) {
                return (V) values[slot];
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + text.charAt(i);
        }
        return hash;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
