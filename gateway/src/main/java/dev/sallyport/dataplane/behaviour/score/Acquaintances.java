package dev.sallyport.dataplane.behaviour.score;

import dev.sallyport.api.limit.Census;
import dev.sallyport.api.table.SlotTable;
import dev.sallyport.api.table.TableMemory;
import java.util.concurrent.TimeUnit;

/// Who did well before, where and by what credential; each for [#KEPT_SECONDS] after it was last seen. Only requests
/// that
/// were let in with a proven credential make anything known. What there is no room for is not known: that is nobody's
/// harm but for the trust that it would have had. Any thread.
public final class Acquaintances {
    /// How long is remembered what is not seen any more.
    public static final long KEPT_SECONDS = TimeUnit.DAYS.toSeconds(30);

    private final SlotTable table;

    public Acquaintances(TableMemory memory) {
        table = new SlotTable(memory);
    }

    /// Since when it is known, in seconds; −1 for not.
    public long since(long high, long low, long seconds) {
        long place = table.find(high, low);
        if (place == SlotTable.NOWHERE) {
            return -1;
        }
        return Since.since(table.word(place, low), Since.moment(seconds));
    }

    /// Notes that it was seen; since when it is known.
    public long seen(long high, long low, long seconds) {
        SlotTable.Taken taken = new SlotTable.Taken();
        table.take(Since.WORDS, high, low, KEPT_SECONDS, Since.moment(seconds), SlotTable.NOWHERE, taken);
        return taken.place() == SlotTable.SHARED ? -1 : Since.since(taken.word(), Since.moment(seconds));
    }

    public Census census(long seconds) {
        return new Census(table.keys(Since.WORDS, Since.moment(seconds)), table.room(), table.overflowed());
    }
}
