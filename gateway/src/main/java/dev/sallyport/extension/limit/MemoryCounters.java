package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Census;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Standing;
import dev.sallyport.api.table.SlotTable;
import dev.sallyport.api.table.TableMemory;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Counters in the memory of this process; they begin anew with it.
///
/// Every layer has a table of its own, so that who fills one leaves the others alone. A charge is judged by reading
/// first, so that refusing writes nothing.
public final class MemoryCounters implements Counters {
    private static final long MOST_OCTETS = 1L << 30;

    private final LongSupplier ticker;
    private final InstantSource clock;
    private final TableMemory memory;
    private final long zero;
    private final KeySecret secret;

    /// With as much memory as the heap may have, at most 1 GiB.
    ///
    /// @param ticker nanoseconds that never go back
    /// @param clock  what calendars go by
    /// @param aside  runs what event loops have no time for
    public MemoryCounters(LongSupplier ticker, InstantSource clock, Executor aside) {
        this(ticker, clock, aside, Math.min(MOST_OCTETS, Runtime.getRuntime().maxMemory()));
    }

    /// @param ticker nanoseconds that never go back
    /// @param octets for all tables together
    public MemoryCounters(LongSupplier ticker, InstantSource clock, Executor aside, long octets) {
        this.ticker = ticker;
        this.clock = clock;
        this.memory = new TableMemory(octets, aside);
        this.zero = ticker.getAsLong() - 1;
        SecureRandom random = new SecureRandom();
        this.secret = new KeySecret(random.nextLong(), random.nextLong());
    }

    @Override
    public KeySecret secret() {
        return secret;
    }

    @Override
    public Layer layer(Measure measure, @Nullable Layer before) {
        return switch (measure) {
            case Measure.Rate rate ->
                before instanceof RateLayer old
                        ? old.measure().equals(rate) ? old : new RateLayer(rate, new SlotTable(memory), old, nanos())
                        : new RateLayer(rate, new SlotTable(memory));
            case Measure.Quota quota ->
                new QuotaLayer(
                        quota,
                        before instanceof QuotaLayer old && old.measure().per() == quota.per()
                                ? old.table()
                                : new SlotTable(memory));
            case Measure.Concurrent most ->
                new FlightLayer(most, before instanceof FlightLayer old ? old.table() : new SlotTable(memory));
        };
    }

    private long moment(MemoryLayer layer, long nanos) {
        return layer.moment(nanos, layer.civil() ? Math.floorDiv(clock.millis(), 1000L) : 0);
    }

    private long nanos() {
        return ticker.getAsLong() - zero;
    }

    @Override
    public @Nullable CompletionStage<?> take(Charge charge, int from) {
        long nanos = nanos();
        int to = charge.size();
        boolean refused = false;
        for (int i = from; i < to; i++) {
            refused |= !allows(charge, i, nanos) && !charge.trial(i);
        }
        if (!refused) {
            takeAll(charge, from, to);
        }
        return null;
    }

    /// Whether the part could be taken; it says how its key stands before that.
    private boolean allows(Charge charge, int part, long nanos) {
        MemoryLayer layer = (MemoryLayer) charge.layer(part);
        long moment = moment(layer, nanos);
        charge.moment(part, moment);
        long low = charge.low(part);
        long place = layer.table().find(charge.high(part), low);
        long word = word(layer, place, charge.high(part), low, moment);
        charge.place(part, place);
        layer.tell(word, moment, charge, part);
        boolean allowed = layer.after(word, charge.thousandths(part), moment) >= 0;
        charge.state(part, allowed ? State.OPEN : refusal(charge, part));
        return allowed;
    }

    private static long word(MemoryLayer layer, long place, long high, long low, long moment) {
        if (place == SlotTable.NOWHERE) {
            return layer.unknown(high, low, moment);
        }
        // between two keys: the one that it is read for has everything
        return Math.max(0, layer.table().word(place, low));
    }

    private static State refusal(Charge charge, int part) {
        return charge.trial(part) ? State.WOULD_REFUSE : State.REFUSED;
    }

    private void takeAll(Charge charge, int from, int to) {
        SlotTable.Taken taken = new SlotTable.Taken();
        for (int i = from; i < to; i++) {
            if (charge.state(i) != State.OPEN) {
                continue;
            }
            MemoryLayer layer = (MemoryLayer) charge.layer(i);
            long moment = charge.moment(i);
            long after = layer.table()
                    .take(layer, charge.high(i), charge.low(i), charge.thousandths(i), moment, charge.place(i), taken);
            charge.place(i, taken.place());
            layer.tell(taken.word(), moment, charge, i);
            if (after >= 0) {
                charge.state(i, State.TAKEN);
            } else {
                // another request was faster
                charge.state(i, refusal(charge, i));
                if (!charge.trial(i)) {
                    undo(charge, from, i);
                    return;
                }
            }
        }
    }

    private void undo(Charge charge, int from, int to) {
        for (int i = from; i < to; i++) {
            if (charge.state(i) == State.TAKEN) {
                back(charge, i, charge.moment(i));
            }
        }
    }

    private static void back(Charge charge, int part, long moment) {
        MemoryLayer layer = (MemoryLayer) charge.layer(part);
        charge.state(part, State.BACK);
        long place = charge.place(part);
        long word;
        long less;
        do {
            word = layer.table().word(place, charge.low(part));
            if (word < 0) {
                // another key has its place by now, so it has everything already
                return;
            }
            less = layer.back(word, charge.thousandths(part), moment);
        } while (!layer.table().replace(place, word, less));
        layer.tell(less, moment, charge, part);
    }

    @Override
    public void giveBack(Charge charge, int from, int to) {
        long nanos = nanos();
        for (int i = from; i < to; i++) {
            if (charge.state(i) == State.TAKEN
                    && charge.layer(i) instanceof MemoryLayer layer
                    && !(layer instanceof FlightLayer)) {
                back(charge, i, moment(layer, nanos));
            }
        }
    }

    @Override
    public void end(Charge charge) {
        for (int i = 0; i < charge.size(); i++) {
            if (charge.state(i) == State.TAKEN && charge.layer(i) instanceof FlightLayer) {
                back(charge, i, 0);
            }
        }
    }

    /// Takes what was allowed elsewhere: as much of it as there is.
    void note(MemoryLayer layer, long high, long low, long thousandths) {
        Charge noted = new Charge(1);
        noted.addThousandths(layer, high, low, thousandths, false);
        take(noted, 0);
        if (noted.state(0) == State.REFUSED && noted.remaining(0) > 0) {
            Charge rest = new Charge(1);
            rest.add(layer, high, low, noted.remaining(0), false);
            take(rest, 0);
        }
    }

    /// Notes that at least `used` of what a key may have is used, whoever used it: nanoseconds of a rate, pieces of
    /// a quota.
    void raise(MemoryLayer layer, long high, long low, long used) {
        if (used <= 0) {
            return;
        }
        long moment = moment(layer, nanos());
        long place = layer.table().find(high, low);
        if (place == SlotTable.NOWHERE) {
            // takes possession of a slot, for nothing
            note(layer, high, low, 0);
            place = layer.table().find(high, low);
        }
        while (place != SlotTable.NOWHERE) {
            long word = layer.table().word(place, low);
            if (word < 0) {
                return;
            }
            long more = layer.raised(word, used, moment);
            if (more == word || layer.table().replace(place, word, more)) {
                return;
            }
        }
    }

    /// Gives back what was taken by [#note], or by a charge that is no longer at hand.
    void back(MemoryLayer layer, long high, long low, long thousandths) {
        long place = layer.table().find(high, low);
        if (place != SlotTable.NOWHERE) {
            Charge taken = new Charge(1);
            taken.addThousandths(layer, high, low, thousandths, false);
            taken.place(0, place);
            back(taken, 0, moment(layer, nanos()));
        }
    }

    @Override
    public Standing standing(Layer layer, long high, long low) {
        MemoryLayer mine = (MemoryLayer) layer;
        long moment = moment(mine, nanos());
        return mine.standing(word(mine, mine.table().find(high, low), high, low, moment), moment);
    }

    @Override
    public boolean forget(Layer layer, long high, long low) {
        MemoryLayer mine = (MemoryLayer) layer;
        if (mine instanceof FlightLayer) {
            return false;
        }
        long moment = moment(mine, nanos());
        mine.forgetBefore(high, low);
        while (true) {
            long place = mine.table().find(high, low);
            long word =
                    place == SlotTable.NOWHERE ? SlotTable.BUSY : mine.table().word(place, low);
            if (word < 0 || mine.free(word, moment)) {
                return false;
            }
            if (mine.table().replace(place, word, mine.back(word, mine.measure().most() * Charge.WHOLE, moment))) {
                return true;
            }
        }
    }

    @Override
    public Census census(Layer layer) {
        MemoryLayer mine = (MemoryLayer) layer;
        SlotTable table = mine.table();
        return new Census(table.keys(mine, moment(mine, nanos())), table.room(), table.overflowed());
    }
}
