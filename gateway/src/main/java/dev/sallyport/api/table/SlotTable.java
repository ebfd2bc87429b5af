package dev.sallyport.api.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// One word for each of very many keys, outside the heap, 16 octets a key; for all loops at once, without locks.
///
/// A key is 128 hashed bits: the upper half chooses a bucket of eight slots, the lower half is kept as the slot's tag.
/// The
/// table has up to four levels, each sixteen times as large as the one before, which are fetched when they are needed
/// and
/// never moved. A key stays where it was put, until its word is free (it has everything, so that it need not be known)
/// and another key takes its place. A key that finds no free slot shares one word with all others that find none:
/// nobody
/// is ever forgotten to make room (threat RL-11).
///
/// A slot changes hands while the top bit of its word is set. Words of one slot never come again for another key (see
/// [Words]), so that a compare-and-set of a word that was read under the right tag is never one of another key's.
public final class SlotTable {
    /// The place of a key that is not in the table.
    public static final long NOWHERE = -1;

    /// The place of all keys for which there was no room.
    public static final long SHARED = Long.MAX_VALUE;

    /// In the place of a word: the slot is changing hands, or has.
    public static final long BUSY = -1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int SLOTS = 8;
    private static final int BUCKET = 2 * SLOTS * Long.BYTES;
    private static final int WORDS = SLOTS * Long.BYTES;
    private static final long LOCK = Long.MIN_VALUE;
    private static final int[] BUCKET_BITS = {9, 13, 17, 21};
    private static final int[] SHIFTS = {0, 9, 22, 39};
    private static final int LEVEL_SHIFT = 40;

    /// Occupied slots in a bucket of the last level at which another level is fetched before it is needed.
    private static final int CROWDED = 6;

    private static final int TRIES = 1000;
    private static final int SAMPLED = 1024;

    private final TableMemory memory;
    private final TableMemory.Share share;
    private final AtomicBoolean growing = new AtomicBoolean();
    private final AtomicLong sharedWord = new AtomicLong();
    private final LongAdder overflowed = new LongAdder();
    private final int mostLevels;
    private volatile MemorySegment[] levels;

    public SlotTable(TableMemory memory) {
        this(memory, BUCKET_BITS.length);
    }

    /// @param mostLevels how many levels there can be, 1 to 4
    public SlotTable(TableMemory memory, int mostLevels) {
        this.memory = memory;
        this.mostLevels = mostLevels;
        this.share = memory.shareOf(this);
        share.take(octets(0));
        levels = new MemorySegment[] {fetch(0)};
    }

    private static long octets(int level) {
        return (long) BUCKET << BUCKET_BITS[level];
    }

    private static MemorySegment fetch(int level) {
        return Arena.ofAuto().allocate(octets(level), BUCKET);
    }

    private static long bucket(int level, long high) {
        return ((high >>> SHIFTS[level]) & ((1L << BUCKET_BITS[level]) - 1)) * BUCKET;
    }

    private static long tag(long low) {
        return low == 0 ? 1 : low;
    }

    private static long place(int level, long offset) {
        return ((long) level << LEVEL_SHIFT) | offset;
    }

    private MemorySegment level(long place) {
        return levels[(int) (place >>> LEVEL_SHIFT)];
    }

    private static long offset(long place) {
        return place & ((1L << LEVEL_SHIFT) - 1);
    }

    /// Where the key is, or [#NOWHERE].
    public long find(long high, long low) {
        return find(levels, high, tag(low), NOWHERE);
    }

    private static long find(MemorySegment[] all, long high, long tag, long otherThan) {
        for (int level = 0; level < all.length; level++) {
            MemorySegment segment = all[level];
            long at = bucket(level, high);
            for (long offset = at; offset < at + WORDS; offset += Long.BYTES) {
                if ((long) LONG.getVolatile(segment, offset) == tag && place(level, offset) != otherThan) {
                    return place(level, offset);
                }
            }
        }
        return NOWHERE;
    }

    /// The word at `place`, where the key was found; [#BUSY] when it is not there any more.
    public long word(long place, long low) {
        if (place == SHARED) {
            return sharedWord.get();
        }
        MemorySegment segment = level(place);
        long offset = offset(place);
        long word = (long) LONG.getVolatile(segment, offset + WORDS);
        // the word first: whoever takes the slot locks the word, then changes the tag, then unlocks
        return word < 0 || (long) LONG.getVolatile(segment, offset) != tag(low) ? BUSY : word;
    }

    /// Puts `next` in the place of a word that was read.
    public boolean replace(long place, long word, long next) {
        return place == SHARED
                ? sharedWord.compareAndSet(word, next)
                : LONG.compareAndSet(level(place), offset(place) + WORDS, word, next);
    }

    /// Takes `cost` of what the key has; tells `into` where the key is and what it has left.
    ///
    /// @param hint where it was found, or [#NOWHERE]
    /// @return the word after it, [Words#REFUSED] when it has not enough
    public long take(Words words, long high, long low, long cost, long moment, long hint, Taken into) {
        long place = hint;
        for (int i = 0; i < TRIES; i++) {
            if (place == NOWHERE) {
                place = find(high, low);
            }
            if (place == NOWHERE) {
                long claimed = claim(words, high, low, moment);
                if (claimed == SHARED) {
                    return takeShared(words, cost, moment, into);
                }
                if (claimed == NOWHERE) {
                    Thread.onSpinWait();
                    continue;
                }
                long first = words.unknown(high, low, moment);
                return begin(words, claimed, first, cost, moment, into);
            }
            long word = word(place, low);
            if (word < 0) {
                place = NOWHERE;
                Thread.onSpinWait();
                continue;
            }
            long after = words.after(word, cost, moment);
            if (after < 0) {
                into.place = place;
                into.word = word;
                return Words.REFUSED;
            }
            if (replace(place, word, after)) {
                into.place = place;
                into.word = after;
                return after;
            }
        }
        // who claims the key's slot was stopped in the middle of it: to wait on is not for a loop, and to count
        // elsewhere
        // would be to allow too much
        into.place = SHARED;
        into.word = 0;
        return Words.REFUSED;
    }

    /// The first word of a key whose slot was claimed for it.
    private long begin(Words words, long place, long first, long cost, long moment, Taken into) {
        MemorySegment segment = level(place);
        long offset = offset(place) + WORDS;
        long before = (long) LONG.getVolatile(segment, offset) & ~LOCK;
        long anew = words.anew(before, first);
        long after = words.after(anew, cost, moment);
        into.place = place;
        into.word = after < 0 ? anew : after;
        LONG.setVolatile(segment, offset, into.word);
        return after;
    }

    private long takeShared(Words words, long cost, long moment, Taken into) {
        overflowed.increment();
        into.place = SHARED;
        while (true) {
            long word = sharedWord.get();
            long after = words.after(word, cost, moment);
            into.word = after < 0 ? word : after;
            if (after < 0 || sharedWord.compareAndSet(word, after)) {
                return after;
            }
        }
    }

    /// Takes possession of a free slot, whose word stays locked; [#NOWHERE] when somebody was faster, [#SHARED] when
    /// there is none.
    private long claim(Words words, long high, long low, long moment) {
        MemorySegment[] all = levels;
        long tag = tag(low);
        for (int level = 0; level < all.length; level++) {
            MemorySegment segment = all[level];
            long at = bucket(level, high);
            for (int slot = 0; slot < SLOTS; slot++) {
                long offset = at + (long) slot * Long.BYTES;
                long word = (long) LONG.getVolatile(segment, offset + WORDS);
                if (word < 0 || !words.free(word, moment)) {
                    continue;
                }
                if (level == all.length - 1 && slot >= CROWDED) {
                    grow(all.length);
                }
                if (!LONG.compareAndSet(segment, offset + WORDS, word, word | LOCK)) {
                    return NOWHERE;
                }
                LONG.setVolatile(segment, offset, tag);
                long place = place(level, offset);
                if (find(levels, high, tag, place) == NOWHERE) {
                    return place;
                }
                // another claims a slot for the same key, or has one: of two that both see the other, both yield
                LONG.setVolatile(segment, offset, 0L);
                LONG.setVolatile(segment, offset + WORDS, word);
                return NOWHERE;
            }
        }
        grow(all.length);
        return SHARED;
    }

    private void grow(int from) {
        if (from < mostLevels && growing.compareAndSet(false, true)) {
            if (levels.length == from && share.take(octets(from))) {
                memory.aside(() -> {
                    MemorySegment[] more = Arrays.copyOf(levels, from + 1);
                    more[from] = fetch(from);
                    levels = more;
                    growing.set(false);
                });
            } else {
                growing.set(false);
            }
        }
    }

    /// How many requests were counted in the shared word.
    public long overflowed() {
        return overflowed.sum();
    }

    /// For how many keys there are slots now.
    public long room() {
        long room = 0;
        for (int level = 0; level < levels.length; level++) {
            room += (long) SLOTS << BUCKET_BITS[level];
        }
        return room;
    }

    /// About how many keys do not have everything: large levels are counted in parts.
    public long keys(Words words, long moment) {
        MemorySegment[] all = levels;
        long keys = 0;
        for (int level = 0; level < all.length; level++) {
            int buckets = 1 << BUCKET_BITS[level];
            int step = Math.max(1, buckets / SAMPLED);
            long counted = 0;
            for (int i = 0; i < buckets; i += step) {
                long at = (long) i * BUCKET;
                for (long offset = at; offset < at + WORDS; offset += Long.BYTES) {
                    long word = (long) LONG.getVolatile(all[level], offset + WORDS);
                    boolean tagged = (long) LONG.getVolatile(all[level], offset) != 0;
                    if (tagged && (word < 0 || !words.free(word, moment))) {
                        counted++;
                    }
                }
            }
            keys += counted * step;
        }
        return keys;
    }

    /// What became of a key's word.
    public static final class Taken {
        long place;
        long word;

        /// Where the key is.
        public long place() {
            return place;
        }

        /// What it has now.
        public long word() {
            return word;
        }
    }
}
