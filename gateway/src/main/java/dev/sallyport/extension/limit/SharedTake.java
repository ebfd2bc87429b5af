package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Answer;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.WhenDown;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One charge of which gateways count parts together: first what this gateway can say alone, then what the store has
/// to be asked for, all of it in one question. Where one part refuses, nothing is taken of any.
final class SharedTake {
    /// How a part was decided; kept as its place in the charge.
    static final long ASKED = 1;

    static final long AHEAD = 2;
    static final long ALONE = 3;
    static final long UNCOUNTED = 4;

    private static final int NOT_HERE = -1;

    private final SharedCounters counters;
    private final CounterStore store;
    private final Charge charge;
    private final int from;
    private final long now;
    private final int nodes;
    /// What this gateway counts alone, and which part of it each part of the charge is.
    private final Charge own;
    private final int[] ownParts;
    private final List<Ask> asked = new ArrayList<>(4);
    private final int[] askedParts;
    private final @Nullable KnownKey[] keys;
    /// What the store is told of the keys besides.
    private final KnownKey.@Nullable Owed[] owed;

    private int toAsk;
    private boolean refused;

    SharedTake(SharedCounters counters, CounterStore store, Charge charge, int from, long now) {
        this.counters = counters;
        this.store = store;
        this.charge = charge;
        this.from = from;
        this.now = now;
        this.nodes = store.nodes();
        int parts = charge.size() - from;
        this.own = new Charge(parts);
        this.ownParts = new int[parts];
        this.askedParts = new int[parts];
        this.keys = new KnownKey[parts];
        this.owed = new KnownKey.Owed[parts];
    }

    /// Judges, and takes; null when that is done.
    @Nullable
    CompletionStage<?> take() {
        for (int i = from; i < charge.size(); i++) {
            ownParts[i - from] = NOT_HERE;
            charge.place(i, 0);
            if (charge.layer(i) instanceof SharedLayer layer) {
                begin(i, layer);
            } else {
                takeAlone(i, (MemoryLayer) charge.layer(i), 1);
            }
        }
        if (refused) {
            undo();
            return null;
        }
        if (!takeOwn(0)) {
            return null;
        }
        if (toAsk == 0) {
            finish();
            return null;
        }
        for (int j = 0; j < toAsk; j++) {
            asked.add(ask(askedParts[j]));
        }
        LateAnswers late = new LateAnswers(store, asked, keysAsked());
        return store.take(asked, late).handle((answers, failure) -> {
            if (answers == null || failure != null) {
                withoutStore();
            } else {
                answered(answers);
            }
            return charge;
        });
    }

    private List<@Nullable KnownKey> keysAsked() {
        List<@Nullable KnownKey> known = new ArrayList<>(toAsk);
        for (int j = 0; j < toAsk; j++) {
            known.add(keys[askedParts[j] - from]);
        }
        return known;
    }

    private void begin(int part, SharedLayer layer) {
        KnownKey key = layer.places() ? null : layer.known(charge.high(part), charge.low(part), now);
        keys[part - from] = key;
        long cost = layer.units(charge, part);
        if (key != null) {
            long wait = key.blockedFor(cost, now);
            if (wait > 0) {
                layer.tell(charge, part, key, now);
                charge.standing(part, charge.remaining(part), charge.resetNanos(part), wait);
                refuse(part);
                counters.decided(SharedCounters.Way.KNOWN);
                return;
            }
            if (layer.takeAhead(key, cost, now)) {
                charge.place(part, AHEAD);
                layer.tell(charge, part, key, now);
                counters.decided(SharedCounters.Way.LEASED);
                return;
            }
        }
        if (counters.together(store)) {
            charge.place(part, ASKED);
            askedParts[toAsk++] = part;
        } else {
            down(part, layer);
        }
    }

    /// What the store is asked for a part: with what it was not told yet.
    private Ask ask(int part) {
        SharedLayer layer = (SharedLayer) charge.layer(part);
        KnownKey key = keys[part - from];
        KnownKey.Owed owed = key == null ? null : key.settle();
        this.owed[part - from] = owed;
        long serial = layer.places() ? counters.nextSerial() : 0;
        charge.moment(part, serial);
        counters.decided(SharedCounters.Way.ASKED);
        return layer.ask(
                layer.key(charge.high(part), charge.low(part)),
                charge.trial(part),
                layer.units(charge, part),
                layer.wantedAhead(key, now),
                key == null ? Debt.NONE : layer.debt(key, owed, false, now),
                serial);
    }

    /// Decides without the store.
    private void down(int part, SharedLayer layer) {
        WhenDown policy = layer.share().whenDown();
        switch (policy == null ? store.whenDown() : policy) {
            case LOCAL_SHARE -> {
                charge.place(part, ALONE);
                counters.remember(layer, keys[part - from], now);
                takeAlone(part, layer.local(), nodes);
                counters.decided(SharedCounters.Way.LOCAL_SHARE);
            }
            case OPEN -> {
                charge.place(part, UNCOUNTED);
                charge.standing(part, layer.measure().most(), 0, 0);
                counters.decided(SharedCounters.Way.OPEN);
            }
            case CLOSED -> {
                charge.place(part, 0);
                counters.decided(SharedCounters.Way.CLOSED);
                if (!charge.trial(part)) {
                    charge.state(part, State.UNKNOWN);
                    refused = true;
                }
            }
        }
    }

    private void refuse(int part) {
        charge.state(part, charge.trial(part) ? State.WOULD_REFUSE : State.REFUSED);
        refused |= !charge.trial(part);
    }

    /// Adds a part to what this gateway counts alone.
    private void takeAlone(int part, MemoryLayer layer, int times) {
        ownParts[part - from] = own.size();
        SharedCounters.add(own, layer, charge, part, times);
    }

    /// Takes what this gateway counts alone, from part `first` of it on; false when it refuses, and all is
    /// undone.
    private boolean takeOwn(int first) {
        if (own.size() > first) {
            counters.memory().take(own, first);
            for (int i = from; i < charge.size(); i++) {
                int mine = ownParts[i - from];
                if (mine >= first) {
                    tellOwn(i, mine);
                    refused |= own.state(mine) == State.REFUSED;
                }
            }
        }
        if (refused) {
            undo();
        }
        return !refused;
    }

    private void tellOwn(int part, int mine) {
        charge.state(part, own.state(mine));
        boolean divided = charge.layer(part) instanceof SharedLayer;
        charge.standing(
                part,
                divided ? own.remaining(mine) / nodes : own.remaining(mine),
                own.resetNanos(mine),
                own.retryNanos(mine));
        if (!divided) {
            charge.place(part, own.place(mine));
            charge.moment(part, own.moment(mine));
        }
    }

    private void answered(List<Answer> answers) {
        long then = counters.nanos();
        for (int j = 0; j < asked.size(); j++) {
            int part = askedParts[j];
            SharedLayer layer = (SharedLayer) charge.layer(part);
            KnownKey key = keys[part - from];
            Answer answer = answers.get(j);
            layer.tell(charge, part, answer.used(), answer.left());
            if (key != null) {
                layer.learn(key, answer, false, then);
                fetched(j, layer, key, answer, then);
            }
            if (!answer.allowed()) {
                refuse(part);
                if (key != null) {
                    key.blocked(layer.units(charge, part), charge.retryNanos(part), then);
                }
            } else if (!layer.places()) {
                charge.moment(part, answer.until());
            }
        }
        if (refused) {
            undo();
            return;
        }
        finish();
    }

    private void fetched(int number, SharedLayer layer, KnownKey key, Answer answer, long then) {
        long wanted = switch (asked.get(number)) {
            case Ask.Time time -> time.ahead();
            case Ask.Amount amount -> amount.ahead();
            case Ask.Place _ -> 0;
        };
        if (wanted > 0) {
            key.fetched(answer.ahead(), then, layer.aheadUntil(answer, then));
        }
    }

    /// The store could not be asked, or did not answer: whether it took anything nobody knows, so that it may
    /// count too much, and never too little.
    private void withoutStore() {
        int first = own.size();
        List<Ask> places = new ArrayList<>();
        for (int j = 0; j < asked.size(); j++) {
            int part = askedParts[j];
            SharedLayer layer = (SharedLayer) charge.layer(part);
            KnownKey key = keys[part - from];
            if (asked.get(j) instanceof Ask.Place place) {
                places.add(place);
            }
            if (key != null) {
                KnownKey.Owed untold = owed[part - from];
                if (untold != null) {
                    key.oweAgain(untold);
                }
                fetched(j, layer, key, NOTHING, now);
            }
            down(part, layer);
        }
        if (!places.isEmpty()) {
            store.giveBack(places, new long[places.size()]);
        }
        if (refused) {
            undo();
        } else if (takeOwn(first)) {
            finish();
        }
    }

    private static final Answer NOTHING = new Answer(false, 0, 0, 0, 0);

    /// Everything is taken.
    private void finish() {
        for (int i = from; i < charge.size(); i++) {
            if (!(charge.layer(i) instanceof SharedLayer layer) || charge.state(i) == State.WOULD_REFUSE) {
                continue;
            }
            KnownKey key = keys[i - from];
            long how = charge.place(i);
            if (how == ALONE) {
                if (key != null && charge.state(i) == State.TAKEN) {
                    key.owe(layer.units(charge, i), now, nodes);
                }
            } else if (how != 0) {
                charge.state(i, State.TAKEN);
                // a place is given back when it ends, however it was taken
                if (how != UNCOUNTED || layer.places()) {
                    counters.note(layer, charge, i, nodes);
                }
            }
            if (how == AHEAD && key != null) {
                charge.moment(i, key.until());
                counters.fetchMore(layer, key, now);
            }
            if (layer.places() && charge.state(i) == State.TAKEN) {
                counters.holds(layer, charge, i, now);
            }
        }
    }

    /// Nothing is taken: gives back what was.
    private void undo() {
        for (int i = from; i < charge.size(); i++) {
            KnownKey key = keys[i - from];
            if (charge.place(i) == AHEAD && key != null && charge.layer(i) instanceof SharedLayer layer) {
                key.putBack(layer.units(charge, i));
                charge.place(i, 0);
                layer.tell(charge, i, key, now);
            }
        }
        counters.memory().giveBack(own, 0, own.size());
        counters.memory().end(own);
        for (int i = from; i < charge.size(); i++) {
            int mine = ownParts[i - from];
            if (mine != NOT_HERE && own.state(mine) == State.BACK) {
                tellOwn(i, mine);
                charge.state(i, State.OPEN);
            }
        }
    }
}
