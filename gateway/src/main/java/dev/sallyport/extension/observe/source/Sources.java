package dev.sallyport.extension.observe.source;

import dev.sallyport.api.plugin.OffLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Who was refused how often in the last minutes. Any thread that may block.
@OffLoop("the sampler's thread and admin threads")
public final class Sources {
    /// For how long it is remembered.
    public static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final int MOST = 10_000;

    private final SourceCounts counts;
    private final int most;
    private final Map<SourceKey, Deque<Piece>> sources = new HashMap<>();
    private long now;
    private long overflowed;

    /// What a source did in the time before `at`.
    private record Piece(long at, SourceCount count) {}

    /// What a source did.
    ///
    /// @param accounts different accounts or credentials it was refused with, about
    /// @param paths    different paths it did not find, about
    /// @param request  the id of one of the requests, the latest
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Activity(SourceKey key, long[] byConduct, int accounts, int paths, String request) {
        @SuppressWarnings("EnumOrdinal") // an index of this process
        public long get(Conduct conduct) {
            return byConduct[conduct.ordinal()];
        }
    }

    public Sources(SourceCounts counts) {
        this(counts, MOST);
    }

    Sources(SourceCounts counts, int most) {
        this.counts = counts;
        this.most = most;
    }

    /// Takes what event loops counted; by one thread, every few seconds.
    ///
    /// @param at in milliseconds since 1970
    public void collect(long at) {
        synchronized (this) {
            now = at;
            for (SourceTable table : counts.exchangeTables()) {
                overflowed += table.overflowed();
                table.forEach(this::add);
            }
            long oldest = at - REMEMBERED.toMillis();
            sources.values().removeIf(pieces -> {
                while (!pieces.isEmpty() && pieces.getFirst().at() <= oldest) {
                    pieces.removeFirst();
                }
                return pieces.isEmpty();
            });
        }
    }

    private void add(SourceCount count) {
        SourceKey key = new SourceKey(count.network, count.authenticator, count.caller);
        Deque<Piece> pieces = sources.get(key);
        if (pieces == null) {
            if (sources.size() >= most && !makeRoom()) {
                overflowed++;
                return;
            }
            pieces = new ArrayDeque<>(2);
            sources.put(key, pieces);
        }
        pieces.addLast(new Piece(now, count));
    }

    /// Lets go of sources that did something once only.
    private boolean makeRoom() {
        int before = sources.size();
        sources.values()
                .removeIf(pieces -> pieces.size() == 1 && sum(pieces.getFirst().count()) <= 1);
        overflowed += before - sources.size();
        return sources.size() < most;
    }

    private static int sum(SourceCount count) {
        int sum = 0;
        for (int one : count.counts) {
            sum += one;
        }
        return sum;
    }

    /// How many sources found no room.
    public synchronized long overflowed() {
        return overflowed;
    }

    public synchronized int size() {
        return sources.size();
    }

    /// Those that did `conduct` at least `least` times in the last `back`, most first.
    ///
    /// @param networks whether networks are wanted, else callers
    public synchronized List<Activity> active(Conduct conduct, boolean networks, Duration back, long least) {
        List<Activity> active = new ArrayList<>();
        long from = now - back.toMillis();
        sources.forEach((key, pieces) -> {
            if (key.isNetwork() == networks) {
                Activity activity = activity(key, pieces, from);
                if (activity.get(conduct) >= least) {
                    active.add(activity);
                }
            }
        });
        active.sort(Comparator.comparingLong((Activity one) -> -one.get(conduct))
                .thenComparing(one -> one.key().toString()));
        return active;
    }

    private static Activity activity(SourceKey key, Deque<Piece> pieces, long from) {
        long[] sums = new long[Conduct.values().length];
        long accounts = 0;
        long paths = 0;
        SourceCount last = pieces.getLast().count();
        for (Piece piece : pieces) {
            if (piece.at() > from) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += piece.count().counts[i];
                }
                accounts |= piece.count().accounts;
                paths |= piece.count().paths;
            }
        }
        HexFormat hex = HexFormat.of();
        return new Activity(
                key,
                sums,
                SourceCount.different(accounts),
                SourceCount.different(paths),
                hex.toHexDigits(last.requestHigh) + hex.toHexDigits(last.requestLow));
    }
}
