package dev.sallyport.api.identity;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An immutable map of few members, in order, in one array: remembered tokens hold tens of thousands of them, and a
/// hash table for each would weigh several times what it holds.
final class Members extends AbstractMap<String, Object> {
    /// From here on looking through them costs more than a hash table weighs.
    static final int MOST = 32;

    /// Names and values in turn.
    private final Object[] all;

    /// @param all names and values in turn; kept
    Members(Object[] all) {
        this.all = all;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        for (int i = 0; i < all.length; i += 2) {
            if (all[i].equals(name)) {
                return all[i + 1];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return all.length / 2;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new Entries(all);
    }

    /// A view of the members.
    private static final class Entries extends AbstractSet<Map.Entry<String, Object>> {
        private final Object[] all;

        Entries(Object[] all) {
            this.all = all;
        }

        @Override
        public int size() {
            return all.length / 2;
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < all.length;
                }

                @Override
                public Map.Entry<String, Object> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException(Arrays.toString(all));
                    }
                    Map.Entry<String, Object> entry = Map.entry((String) all[next], all[next + 1]);
                    next += 2;
                    return entry;
                }
            };
        }
    }
}
