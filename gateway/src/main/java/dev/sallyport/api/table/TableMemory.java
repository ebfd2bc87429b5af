package dev.sallyport.api.table;

import java.lang.ref.Cleaner;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that all tables of the process share, and who fetches it. A table gives back what it had when nobody
/// uses it any more.
public final class TableMemory {
    private static final Cleaner CLEANER = Cleaner.create();

    private final AtomicLong left;
    private final Executor aside;

    /// @param octets for all tables together
    /// @param aside  runs what takes longer than an event loop has time for
    public TableMemory(long octets, Executor aside) {
        this.left = new AtomicLong(octets);
        this.aside = aside;
    }

    /// What one table was given. It does not refer to the table.
    public static final class Share implements Runnable {
        private final AtomicLong left;
        private final AtomicLong taken = new AtomicLong();

        private Share(AtomicLong left) {
            this.left = left;
        }

        /// Takes `octets` if there are as many.
        public boolean take(long octets) {
            if (left.addAndGet(-octets) < 0) {
                left.addAndGet(octets);
                return false;
            }
            taken.addAndGet(octets);
            return true;
        }

        @Override
        public void run() {
            left.addAndGet(taken.getAndSet(0));
        }
    }

    /// Begins the share of one table, which comes back when nobody uses the table any more.
    public Share shareOf(Object table) {
        Share share = new Share(left);
        CLEANER.register(table, share);
        return share;
    }

    /// Has `task` run, which takes longer than a loop has time for.
    void aside(Runnable task) {
        aside.execute(task);
    }
}
