package dev.sallyport.dataplane.flow;

import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The exchanges of one worker that were let in: looked at again every second while they last (threat UP-10), and when
/// the configuration changes. Confined to the worker's loop.
final class AccessWatch {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Worker worker;
    private final List<ExchangeFlow> flows = new ArrayList<>();
    private final Deadline lookAgain = new Deadline() {
        @Override
        protected void passed() {
            recheck();
        }
    };

    AccessWatch(Worker worker) {
        this.worker = worker;
    }

    void add(ExchangeFlow flow) {
        if (!lookAgain.isSet()) {
            lookAgainLater();
        }
        flow.watched = flows.size();
        flows.add(flow);
    }

    /// Takes out `flow` if it is among them; the last takes its place.
    void remove(ExchangeFlow flow) {
        int place = flow.watched;
        if (place >= 0) {
            flow.watched = -1;
            ExchangeFlow last = flows.removeLast();
            if (last != flow) {
                flows.set(place, last);
                last.watched = place;
            }
        }
    }

    /// Ends those whose caller's credential was revoked or has expired, and those that are not allowed any more.
    void recheck() {
        long now = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        for (int i = flows.size() - 1; i >= 0; i--) {
            if (i < flows.size()) {
                flows.get(i).recheck(now);
            }
        }
        if (!flows.isEmpty()) {
            lookAgainLater();
        }
    }

    private void lookAgainLater() {
        worker.deadlines().set(lookAgain, System.nanoTime(), LOOK_AGAIN_NANOS);
    }
}
