package dev.sallyport.dataplane.behaviour.score;

import dev.sallyport.api.limit.Census;
import dev.sallyport.api.table.SlotTable;
import dev.sallyport.api.table.TableMemory;
import java.util.concurrent.atomic.AtomicLong;

/// The scores of all keys of one kind. Any thread.
///
/// A key has a word for each signal that was seen of it, all in one bucket of the table, and one that says whether
/// there
/// is any: of who never did anything wrong one look-up finds nothing, and where nobody did lately there is none.
/// Nobody is forgotten to make room: keys beyond it share one word, and are told only as [crowded][Reading#crowded].
public final class Board {
    private static final long NONE = -1;
    private static final int TRIES = 100;
    private static final long ANY = Salts.of("any");
    private static final long REFUSED = Salts.of("refused");
    private static final long BANNED = Salts.of("banned");

    private final SlotTable table;
    private final AtomicLong loudUntil = new AtomicLong(Long.MIN_VALUE);

    public Board(TableMemory memory) {
        table = new SlotTable(memory);
    }

    /// Whether nothing is known of anybody.
    public boolean quiet(long now) {
        return loudUntil.get() < now;
    }

    /// Tells `into` what is known of the key.
    public void read(long high, long low, Rules rules, long now, Reading into) {
        into.clear();
        if (word(high, low ^ ANY) < now) {
            into.crowded = table.word(SlotTable.SHARED, 0) >= now;
            return;
        }
        for (Lane lane : rules.lanes()) {
            double score = lane.score(word(high, low ^ lane.salt()), now);
            if (Rules.roams(lane.signal())) {
                into.roaming += score;
            } else if (lane.signal().grave()) {
                into.grave += score;
            } else {
                into.mild += score;
            }
        }
        into.refusedFor = Math.max(0, word(high, low ^ REFUSED) - now);
        into.bannedFor = Math.max(0, word(high, low ^ BANNED) - now);
    }

    /// What one signal counts for, of the key.
    public double score(long high, long low, Lane lane, long now) {
        return lane.score(word(high, low ^ lane.salt()), now);
    }

    /// The word of a key, [#NONE] for none.
    private long word(long high, long low) {
        for (int i = 0; i < TRIES; i++) {
            long place = table.find(high, low);
            if (place == SlotTable.NOWHERE) {
                return NONE;
            }
            long word = table.word(place, low);
            if (word >= 0) {
                return word;
            }
            // it is changing hands: the next look finds whose it is
            Thread.onSpinWait();
        }
        // the very first word of a key is being written
        return NONE;
    }

    /// Counts one signal.
    public void add(long high, long low, Lane lane, long now) {
        add(high, low, lane, lane.weight(), now);
    }

    /// Counts a signal that weighs `weight`.
    public void add(long high, long low, Lane lane, double weight, long now) {
        SlotTable.Taken taken = new SlotTable.Taken();
        long word = table.take(lane, high, low ^ lane.salt(), Lane.cost(weight), now, SlotTable.NOWHERE, taken);
        raise(high, low, word, now);
    }

    /// Has the key refused until `until`.
    public void refuse(long high, long low, long until, long now) {
        hold(high, low ^ REFUSED, until, now);
        raise(high, low, until, now);
    }

    /// Has the key refused until `until`, whoever else speaks for it.
    public void ban(long high, long low, long until, long now) {
        hold(high, low ^ BANNED, until, now);
        raise(high, low, until, now);
    }

    private void hold(long high, long low, long until, long now) {
        table.take(Until.WORDS, high, low, until, now, SlotTable.NOWHERE, new SlotTable.Taken());
    }

    private void raise(long high, long low, long word, long now) {
        hold(high, low ^ ANY, word, now);
        if (word > loudUntil.get()) {
            loudUntil.accumulateAndGet(word, Math::max);
        }
    }

    /// Forgets everything about the key; false when nothing was known.
    public boolean forget(long high, long low, Rules rules, long now) {
        boolean any = clear(high, low ^ REFUSED, now);
        any = clear(high, low ^ BANNED, now) || any;
        for (Lane lane : rules.lanes()) {
            any = clear(high, low ^ lane.salt(), now) || any;
        }
        return clear(high, low ^ ANY, now) || any;
    }

    /// The word becomes the present: it holds no longer, and no word comes again.
    private boolean clear(long high, long low, long now) {
        while (true) {
            long place = table.find(high, low);
            long word = place == SlotTable.NOWHERE ? NONE : table.word(place, low);
            if (word < now) {
                return false;
            }
            if (table.replace(place, word, now - 1)) {
                return true;
            }
        }
    }

    /// Words in use, about; a key has one for each signal seen of it, and one or two more.
    public Census census(long now) {
        return new Census(table.keys(Until.WORDS, now), table.room(), table.overflowed());
    }
}
