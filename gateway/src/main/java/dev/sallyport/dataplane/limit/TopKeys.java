package dev.sallyport.dataplane.limit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The keys of a limit that ask most, by the space-saving sketch (Metwally et al. 2005): bounded, whatever callers
/// send; a
/// count is never too small by more than what it took the place of. Only a sample of requests is noted when there are
/// many.
public final class TopKeys {
    private static final int MOST = 128;

    private final long[] keys = new long[MOST];
    private final long[] counts = new long[MOST];
    private final long[] refusals = new long[MOST];
    private final AtomicReferenceArray<String> names = new AtomicReferenceArray<>(MOST);
    private final AtomicBoolean busy = new AtomicBoolean();
    private int used;

    /// A key with how often it asked and was refused, about.
    public record Key(String name, long asked, long refused) {}

    /// Where the name of a key comes from when it is needed.
    @FunctionalInterface
    public interface Name {
        String get();
    }

    /// Notes that `key` asked. While another notes something, this is left out: nobody waits.
    ///
    /// @param weight how many requests this one stands for
    public void note(long key, long weight, boolean refused, Name name) {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        try {
            int at = find(key);
            if (at < 0) {
                at = used < MOST ? used++ : least();
                keys[at] = key;
                refusals[at] = 0;
                names.set(at, name.get());
            }
            counts[at] += weight;
            refusals[at] += refused ? weight : 0;
        } finally {
            busy.set(false);
        }
    }

    private int find(long key) {
        for (int i = 0; i < used; i++) {
            if (keys[i] == key) {
                return i;
            }
        }
        return -1;
    }

    private int least() {
        int least = 0;
        for (int i = 1; i < MOST; i++) {
            if (counts[i] < counts[least]) {
                least = i;
            }
        }
        return least;
    }

    /// The keys that asked most, most first; for operators.
    public List<Key> most(int count) {
        List<Key> all = new ArrayList<>();
        while (!busy.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        try {
            for (int i = 0; i < used; i++) {
                all.add(new Key(names.get(i), counts[i], refusals[i]));
            }
        } finally {
            busy.set(false);
        }
        all.sort(Comparator.comparingLong(Key::asked).reversed());
        return List.copyOf(all.subList(0, Math.min(count, all.size())));
    }
}
