package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.dataplane.behaviour.score.Kind;
import java.util.concurrent.atomic.LongAdder;

/// What was counted of conduct since the start. Any thread.
final class Figures {
    final LongAdder[] signals = adders(Signal.values().length);
    final LongAdder[] refused = adders(Kind.values().length);
    private final LongAdder[] levels = adders(Kind.values().length * Level.values().length);
    final LongAdder delayed = new LongAdder();
    final LongAdder undelayed = new LongAdder();
    final LongAdder recognised = new LongAdder();

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    LongAdder signal(Signal signal) {
        return signals[signal.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    LongAdder refused(Kind kind) {
        return refused[kind.ordinal()];
    }

    /// How often one of `kind` came to `level`.
    @SuppressWarnings("EnumOrdinal") // an index of this process
    LongAdder level(Kind kind, Level level) {
        return levels[kind.ordinal() * Level.values().length + level.ordinal()];
    }
}
