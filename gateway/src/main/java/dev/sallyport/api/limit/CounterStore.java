package dev.sallyport.api.limit;

import java.util.List;
import java.util.concurrent.CompletionStage;

/// Counters that several gateways ask. Safe for all threads; nothing waits. A stage that fails says that the store
/// could not be asked, or did not answer in time: whether it took something then, nobody knows.
public interface CounterStore {
    /// What keys are hashed with, the same at all gateways that share the store and secret from everybody
    /// else.
    KeySecret secret();

    /// What becomes of limits that do not say it themselves while the store cannot be asked.
    WhenDown whenDown();

    /// Whether it can be asked now; no more than a look.
    boolean up();

    /// How many gateways share the store: those alive when it was last asked, at least 1.
    int nodes();

    /// How often the store may have lost what it held, as far as it is known.
    long losses();

    /// Judges `asked` by the store's clock, and takes all of them if all that are not on trial allow it, else
    /// none. The answers come in the order of what was asked.
    /// @param late told of what was taken all the same, when an answer comes after the stage has failed
    CompletionStage<List<Answer>> take(List<Ask> asked, Late late);

    /// As above, for who does not mind what an answer that comes too late says.
    default CompletionStage<List<Answer>> take(List<Ask> asked) {
        return take(asked, (_, _) -> {});
    }

    /// Gives back what was taken by such asks, without what was taken ahead; nobody is told when that fails.
    ///
    /// @param until for each what its answer said
    void giveBack(List<Ask> taken, long[] until);

    /// Says that these places are still taken.
    void hold(List<Ask.Place> places);

    /// Forgets what a key has taken; false when nothing was known of it.
    CompletionStage<Boolean> forget(Key key);

    /// A key of a layer.
    ///
    /// @param layer the name of the layer
    record Key(String layer, long high, long low) {}

    /// Told of answers that came too late.
    @FunctionalInterface
    interface Late {
        /// The store judged all of `asked`, and has counted what `answers` say. Called on a thread of the
        /// store's, at most once for each question; not after a stage that did not fail.
        void answered(List<Ask> asked, List<Answer> answers);
    }

    /// What the store was not told of a key yet, in what it counts in.
    ///
    /// A gateway that is alone does not know what the others allow, so that the store puts together what they
    /// tell, one after the other: no more is used than what was used when they began to be alone and all that
    /// they have allowed since, less the time since; or, where that is more, than the sum of what each has not
    /// got back yet at its share of the rate.
    ///
    /// @param owed  was taken without the store
    /// @param burst how much of it time has not given back, at the share of the rate that is this gateway's;
    ///     of a rate
    /// @param known so much was used without it, as the store last said; of a rate less the time since then,
    /// so that it may be negative; of a quota only when the store has lost what it held; else [#UNKNOWN]
    /// @param lost  whether the store has lost what it held; else it knows better than `known` what it still
    ///     knows
    record Debt(long owed, long burst, long known, boolean lost) {
        public static final long UNKNOWN = Long.MIN_VALUE;

        /// Nothing to tell.
        public static final Debt NONE = new Debt(0, 0, UNKNOWN, false);

        /// Whether there is nothing to tell.
        public boolean nothing() {
            return owed == 0 && known == UNKNOWN;
        }
    }

    /// What is asked of one layer.
    sealed interface Ask {
        Key key();

        /// Whether it refuses nothing.
        boolean trial();

        /// Of a rate; nanoseconds in which something comes back.
        ///
        /// @param cost     that the request takes
        /// @param capacity the most that can be taken
        /// @param ahead    the most to be taken besides, if it is there
        /// @param debt     taken already, without the store
        record Time(Key key, boolean trial, long cost, long capacity, long ahead, Debt debt) implements Ask {}

        /// Of a quota. The store's clock decides in which period it is.
        ///
        /// @param start when the present period began, in seconds of the epoch
        /// @param end   when it ends
        /// @param next  when the one after it ends
        record Amount(
                Key key, boolean trial, long cost, long most, long ahead, Debt debt, long start, long end, long next)
                implements Ask {}

        /// A place among what goes on at the same time, until it is given back or not held any more.
        ///
        /// @param weight how much room it needs to find, in thousandths of a place
        /// @param serial tells the gateway's places apart
        /// @param millis after which it is free again if nobody says that it is held
        record Place(Key key, boolean trial, long weight, long most, long serial, long millis) implements Ask {}
    }

    /// What the store said of one layer.
    ///
    /// @param allowed whether this layer allows it; it is taken if all do
    /// @param used    nanoseconds until everything is back, what was taken of the quota, or how many places
    ///     are taken; after this
    /// @param ahead   what was taken ahead
    /// @param left    seconds until the quota's period ends; else 0
    /// @param until   when that is, in seconds of the epoch; else 0
    record Answer(boolean allowed, long used, long ahead, long left, long until) {}

    /// What has a counter store.
    interface Keeper {
        CounterStore counterStore();
    }
}
