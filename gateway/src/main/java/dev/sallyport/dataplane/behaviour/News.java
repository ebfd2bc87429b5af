package dev.sallyport.dataplane.behaviour;

import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Tells the process's log what loops find out, so many a second; attackers come by the thousand. Any thread.
final class News {
    private static final int MOST_A_SECOND = 10;
    private static final int BITS = 16;

    private final long start = System.nanoTime();
    private final EventLog log;
    private final Executor aside;

    /// By severity, so that what matters less does not hide what matters more.
    private final AtomicLong[] secondAndCount = {new AtomicLong(), new AtomicLong(), new AtomicLong()};

    private final AtomicLong untold = new AtomicLong();

    /// @param aside runs what waits
    News(EventLog log, Executor aside) {
        this.log = log;
        this.aside = aside;
    }

    private AtomicLong count(Event.Severity severity) {
        return switch (severity) {
            case INFO -> secondAndCount[0];
            case WARN -> secondAndCount[1];
            case ERROR -> secondAndCount[2];
        };
    }

    /// Writes what an operator did: all of it, on a thread that may wait.
    ///
    /// @param keysAndValues in turn
    void say(Event event, @Nullable Object... keysAndValues) {
        log.event(event, keysAndValues);
    }

    /// Has `event` written, and how many were not since the last that was.
    ///
    /// @param keysAndValues in turn
    void tell(Event event, @Nullable Object... keysAndValues) {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        long count = count(event.severity())
                .updateAndGet(before ->
                        before >>> BITS == second ? Math.min(before + 1, before | 0xffff) : second << BITS | 1);
        if ((count & 0xffff) > MOST_A_SECOND) {
            untold.incrementAndGet();
            return;
        }
        long left = untold.getAndSet(0);
        Object[] all = new Object[keysAndValues.length + (left > 0 ? 2 : 0)];
        System.arraycopy(keysAndValues, 0, all, 0, keysAndValues.length);
        if (left > 0) {
            all[all.length - 2] = "untold";
            all[all.length - 1] = left;
        }
        aside.execute(() -> log.event(event, all));
    }
}
