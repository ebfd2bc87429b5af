package dev.sallyport.api.limit;

import java.util.Arrays;

/// What one request takes of the layers that apply to it, and what became of that. Confined to the request's event
/// loop,
/// except while [Counters#take] is pending, when it belongs to the counters.
public final class Charge {
    /// What became of the part of one layer.
    public enum State {
        /// Not asked yet, or not taken because another layer refused.
        OPEN,
        /// Taken.
        TAKEN,
        /// This layer refuses, and with it the whole request.
        REFUSED,
        /// This layer, which is on trial, would have refused.
        WOULD_REFUSE,
        /// Nobody can say, and so the whole request is refused.
        UNKNOWN,
        /// Taken and given back.
        BACK
    }

    /// A whole one, in the thousandths that [#thousandths] are.
    public static final long WHOLE = 1000;

    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int COST = 2;
    private static final int REMAINING = 3;
    private static final int RESET = 4;
    private static final int RETRY = 5;
    private static final int PLACE = 6;
    private static final int MOMENT = 7;
    private static final int THOUSANDTHS = 8;
    private static final int WIDTH = 9;

    private Layer[] layers;
    private State[] states;
    private boolean[] trials;
    private long[] figures;
    private int size;

    /// Without layers so far.
    ///
    /// @param expected how many there will be, about
    public Charge(int expected) {
        layers = new Layer[expected];
        states = new State[expected];
        trials = new boolean[expected];
        figures = new long[expected * WIDTH];
    }

    /// Adds a part: `cost` of what the key (`high`, `low`) has in `layer`.
    ///
    /// @param trial whether the layer is on trial: it takes what it can and refuses nothing
    public void add(Layer layer, long high, long low, long cost, boolean trial) {
        add(layer, high, low, Math.min(cost, Long.MAX_VALUE / WHOLE) * WHOLE, trial, cost);
    }

    /// Adds a part whose cost is not whole.
    public void addThousandths(Layer layer, long high, long low, long thousandths, boolean trial) {
        add(layer, high, low, thousandths, trial, (thousandths + WHOLE - 1) / WHOLE);
    }

    private void add(Layer layer, long high, long low, long thousandths, boolean trial, long cost) {
        if (size == layers.length) {
            int more = size + 4;
            layers = Arrays.copyOf(layers, more);
            states = Arrays.copyOf(states, more);
            trials = Arrays.copyOf(trials, more);
            figures = Arrays.copyOf(figures, more * WIDTH);
        }
        layers[size] = layer;
        states[size] = State.OPEN;
        trials[size] = trial;
        int at = size * WIDTH;
        figures[at + HIGH] = high;
        figures[at + LOW] = low;
        figures[at + COST] = cost;
        figures[at + THOUSANDTHS] = thousandths;
        size++;
    }

    /// How many parts there are.
    public int size() {
        return size;
    }

    public Layer layer(int part) {
        return layers[part];
    }

    public boolean trial(int part) {
        return trials[part];
    }

    public long high(int part) {
        return figures[part * WIDTH + HIGH];
    }

    public long low(int part) {
        return figures[part * WIDTH + LOW];
    }

    /// What is to be taken, in whole ones, rounded up.
    public long cost(int part) {
        return figures[part * WIDTH + COST];
    }

    /// What is to be taken, exactly: limits that are stretched or shrunk for a caller are so because it costs less
    /// or more. Of what goes on at the same time each request is one, and this how much room it has to find.
    public long thousandths(int part) {
        return figures[part * WIDTH + THOUSANDTHS];
    }

    public State state(int part) {
        return states[part];
    }

    /// What the key has left.
    public long remaining(int part) {
        return figures[part * WIDTH + REMAINING];
    }

    /// Nanoseconds until the key has everything back; 0 when it has, or when no time brings it.
    public long resetNanos(int part) {
        return figures[part * WIDTH + RESET];
    }

    /// Nanoseconds until this cost would be allowed, as far as this layer goes; 0 when it would be now, or when
    /// nobody knows.
    public long retryNanos(int part) {
        return figures[part * WIDTH + RETRY];
    }

    // ---- for counters

    public void state(int part, State state) {
        states[part] = state;
    }

    /// Says how the key stands.
    public void standing(int part, long remaining, long resetNanos, long retryNanos) {
        int at = part * WIDTH;
        figures[at + REMAINING] = remaining;
        figures[at + RESET] = resetNanos;
        figures[at + RETRY] = retryNanos;
    }

    /// Where the counters have the key; their own matter.
    public long place(int part) {
        return figures[part * WIDTH + PLACE];
    }

    public void place(int part, long place) {
        figures[part * WIDTH + PLACE] = place;
    }

    /// When the counters took it, in the layer's own time; their own matter.
    public long moment(int part) {
        return figures[part * WIDTH + MOMENT];
    }

    public void moment(int part, long moment) {
        figures[part * WIDTH + MOMENT] = moment;
    }
}
