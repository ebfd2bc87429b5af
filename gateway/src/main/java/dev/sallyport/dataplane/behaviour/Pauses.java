package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Worker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Requests of one loop that have to wait: so many in all, and so many of one key, about. Confined to the loop.
final class Pauses {
    private static final int PLACES = 256;

    /// Waiting at once by keys that share a place.
    private static final int OF_ONE = 16;

    private final @Nullable Worker worker;
    private final int[] byKey = new int[PLACES];
    private final AtomicInteger waiting = new AtomicInteger();

    /// One that waits.
    private final class Pause extends Deadline implements Runnable {
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
        private final Worker on;
        private final int place;
        private boolean ended;

        Pause(Worker on, int place) {
            this.on = on;
            this.place = place;
        }

        @Override
        protected void passed() {
            if (end()) {
                over.complete(true);
            }
        }

        /// The client did not wait.
        @Override
        public void run() {
            if (end()) {
                on.deadlines().clear(this);
            }
        }

        private boolean end() {
            if (ended) {
                return false;
            }
            ended = true;
            byKey[place]--;
            waiting.lazySet(waiting.getPlain() - 1);
            return true;
        }
    }

    Pauses(@Nullable Worker worker) {
        this.worker = worker;
    }

    /// Has `exchange` wait; null when too many do already.
    ///
    /// @param key  of whom not too many shall wait
    /// @param most how many may wait on this loop
    @Nullable
    CompletionStage<Boolean> begin(Exchange exchange, long nanos, long key, int most) {
        int place = (int) (key & (PLACES - 1));
        Worker on = worker;
        if (on == null || waiting.getPlain() >= most || byKey[place] >= OF_ONE) {
            return null;
        }
        byKey[place]++;
        waiting.lazySet(waiting.getPlain() + 1);
        Pause pause = new Pause(on, place);
        on.deadlines().set(pause, System.nanoTime(), nanos);
        exchange.whenOver(pause);
        return pause.over;
    }

    /// How many wait now; any thread.
    int waiting() {
        return waiting.get();
    }
}
