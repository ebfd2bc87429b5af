package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Answer;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Sharing;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A layer in which gateways count together in a store. Besides, each counts alone what it allowed itself, so that it
/// knows what it may still allow when the store is gone: there, everything costs as many times as there are gateways.
final class SharedLayer implements Layer {
    /// How long a place is taken when nobody says any more that it is.
    static final long PLACE_MILLIS = 30_000;

    private static final int MOST_KNOWN = 1 << 16;
    private static final int PART_AHEAD = 100;
    private static final long LONGEST_KNOWN = TimeUnit.HOURS.toNanos(1);
    private static final int END_SHIFT = 32;

    private final MemoryLayer local;
    private final Share share;
    private final long most;
    private final long batch;
    private final Map<Bits, KnownKey> known;
    /// Places that are taken here, by their serial numbers.
    private final Map<Long, Held> held;

    private final LongSupplier epochSecond;
    private volatile long[] periods = {0, 0, 0};

    private record Bits(long high, long low) {
        @Override
        public int hashCode() {
            return Long.hashCode(low);
        }
    }

    /// A place that is taken here.
    record Held(long high, long low, long since) {}

    /// @param local       what is counted here alone
    /// @param before      whose knowledge of keys goes on; null for none
    /// @param epochSecond what calendars go by
    SharedLayer(MemoryLayer local, Share share, @Nullable SharedLayer before, LongSupplier epochSecond) {
        this.local = local;
        this.share = share;
        this.epochSecond = epochSecond;
        boolean same = before != null && before.share.name().equals(share.name());
        this.known = same && before != null ? before.known : new ConcurrentHashMap<>();
        this.held = same && before != null ? before.held : new ConcurrentHashMap<>();
        switch (local.measure()) {
            case Measure.Rate rate -> {
                most = rate.burst() * rate.intervalNanos();
                batch = rate.burst() / PART_AHEAD * rate.intervalNanos();
            }
            case Measure.Quota quota -> {
                most = quota.amount();
                batch = quota.amount() / PART_AHEAD;
            }
            case Measure.Concurrent at -> {
                most = at.most();
                batch = 0;
            }
        }
    }

    @Override
    public Measure measure() {
        return local.measure();
    }

    @Override
    public Share share() {
        return share;
    }

    MemoryLayer local() {
        return local;
    }

    /// Whether it counts what goes on at the same time.
    boolean places() {
        return local instanceof FlightLayer;
    }

    private boolean leased() {
        return share.sharing() == Sharing.LEASED && batch > 0;
    }

    /// What a part costs, in what the store counts in, more than there ever is when it can never be had; of a
    /// place its weight.
    long units(Charge charge, int part) {
        long thousandths = charge.thousandths(part);
        boolean never = thousandths > measure().most() * Charge.WHOLE;
        return switch (local) {
            case RateLayer rate -> never ? most + 1 : rate.nanos(thousandths);
            case QuotaLayer _ -> never ? most + 1 : QuotaLayer.whole(thousandths);
            case FlightLayer _ -> thousandths;
        };
    }

    /// What is known of a key, remembered from now on; null when there is no room to remember it.
    @Nullable
    KnownKey known(long high, long low, long now) {
        Bits bits = new Bits(high, low);
        KnownKey key = known.get(bits);
        if (key != null || known.size() >= MOST_KNOWN) {
            return key;
        }
        return known.computeIfAbsent(bits, _ -> new KnownKey(high, low, now));
    }

    /// What is known of a key; null for nothing.
    @Nullable
    KnownKey find(long high, long low) {
        return known.get(new Bits(high, low));
    }

    CounterStore.Key key(long high, long low) {
        return new CounterStore.Key(share.name(), high, low);
    }

    /// How much is to be taken ahead with what is asked now.
    long wantedAhead(@Nullable KnownKey key, long now) {
        if (key == null || !key.askedLately(now) || !leased()) {
            return 0;
        }
        long wanted = batch - key.ahead();
        return wanted > 0 && key.fetch() ? wanted : 0;
    }

    /// Whether so little is left of what was taken ahead that more is to be fetched.
    boolean runsLow(KnownKey key) {
        return leased() && key.ahead() * 2 < batch;
    }

    boolean takeAhead(KnownKey key, long cost, long now) {
        return leased() && key.takeAhead(cost, now);
    }

    /// What is asked of the store.
    ///
    /// @param cost in what the store counts in; for places their weight
    Ask ask(CounterStore.Key key, boolean trial, long cost, long ahead, Debt debt, long serial) {
        return switch (local) {
            case RateLayer _ -> new Ask.Time(key, trial, cost, most, ahead, debt);
            case QuotaLayer quota -> {
                long[] now = periods(quota);
                yield new Ask.Amount(key, trial, cost, most, ahead, debt, now[0], now[1], now[2]);
            }
            case FlightLayer _ -> new Ask.Place(key, trial, cost, most, serial, PLACE_MILLIS);
        };
    }

    private long[] periods(QuotaLayer quota) {
        long second = epochSecond.getAsLong();
        long[] last = periods;
        if (second < last[0] || second >= last[1]) {
            last = quota.periods(second);
            periods = last;
        }
        return last;
    }

    /// Says how the key of a part stands when so much is used.
    void tell(Charge charge, int part, long used, long left) {
        switch (local) {
            case RateLayer rate -> rate.tell(used, 0, charge, part);
            case QuotaLayer quota ->
                quota.tell(
                        (1L << END_SHIFT) | Math.min(used, Measure.Quota.LARGEST),
                        (1L << END_SHIFT) | left,
                        charge,
                        part);
            case FlightLayer flight -> flight.tell(used, 0, charge, part);
        }
    }

    /// Says how the key of a part stands, as far as it is known here.
    void tell(Charge charge, int part, KnownKey key, long now) {
        tell(charge, part, used(key, now), key.left(now));
    }

    /// What of a key is used, as the store last said.
    long used(KnownKey key, long now) {
        return key.used(now, local instanceof RateLayer);
    }

    /// What the store is to be told of a key.
    ///
    /// @param owed what it was not told; null for nothing
    /// @param lost whether it has lost what it held
    Debt debt(KnownKey key, KnownKey.@Nullable Owed owed, boolean lost, long now) {
        if (owed == null && !lost) {
            return Debt.NONE;
        }
        long known = Debt.UNKNOWN;
        if (local instanceof RateLayer) {
            // a key that had everything back by now is not there any more
            known = key.heard(lost, now);
        } else if (lost) {
            known = used(key, now);
        }
        return owed == null ? new Debt(0, 0, known, lost) : new Debt(owed.amount(), owed.left(now), known, lost);
    }

    /// Notes what the store said of a key.
    ///
    /// @param telling whether it was told what this gateway had allowed alone, and asked for nothing
    void learn(KnownKey key, Answer answer, boolean telling, long now) {
        key.told(answer.used(), answer.left(), answer.until(), now, telling);
    }

    /// When what was taken ahead has to be used, on the clock that `now` is of.
    long aheadUntil(Answer answer, long now) {
        return now + (local instanceof QuotaLayer ? TimeUnit.SECONDS.toNanos(answer.left()) : KnownKey.LEASE_NANOS);
    }

    Map<Long, Held> held() {
        return held;
    }

    Iterable<KnownKey> keys() {
        return known.values();
    }

    void forgetIdle(long now) {
        long after = local instanceof RateLayer ? Math.max(KnownKey.LEASE_NANOS * 2, most) : LONGEST_KNOWN;
        known.values().removeIf(key -> key.idle(now, Math.min(after, LONGEST_KNOWN)));
    }
}
