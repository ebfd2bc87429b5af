package dev.sallyport.extension.authn.jose.pool;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.remote.Network;
import java.net.InetAddress;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Runs what costs much computing time, such as checking a signature that nobody has seen before, on a few threads
/// of its own: bounded in all and by the client's network, and in turn among networks, so that a flood of forged
/// tokens from one of them delays only its own.
///
/// One for the process, shared by all authenticators; submitting never waits. Threads end when there is nothing to do.
public final class VerificationPool {
    private static final int MOST = 2048;
    private static final int MOST_PER_NETWORK = 256;
    private static final Headers SOON = Headers.of("retry-after", "1");

    /// One network has too much under way.
    public static final Refusal NETWORK_BUSY = Refusal.of(
                    429,
                    "verification-limit",
                    "Too many credentials at once",
                    "Too many credentials of your network are being verified.")
            .with(SOON);

    /// All together have too much under way.
    public static final Refusal BUSY = Refusal.of(
                    503, "verification-busy", "Too busy to verify", "Too many credentials are being verified.")
            .with(SOON);

    private final int most;
    private final int mostPerNetwork;
    private final Executor threads;
    private final AtomicInteger inFlight = new AtomicInteger();
    /// How many for each network; 0 only until it is removed.
    private final ConcurrentMap<Network, AtomicInteger> perNetwork = new ConcurrentHashMap<>();
    private final Queue<Turns.Task> arrived = new ConcurrentLinkedQueue<>();
    private final Turns turns = new Turns(arrived);

    /// Half as many threads as the machine has processors, at least one: the rest is for event loops.
    public VerificationPool() {
        this(threads(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)), MOST, MOST_PER_NETWORK);
    }

    /// @param threads        where checks run
    /// @param most           how many may wait or run at once
    /// @param mostPerNetwork how many of them for one network
    public VerificationPool(Executor threads, int most, int mostPerNetwork) {
        this.threads = threads;
        this.most = most;
        this.mostPerNetwork = mostPerNetwork;
    }

    /// Taking work on takes no lock, which one who has it could keep an event loop waiting for.
    private static Executor threads(int count) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedTransferQueue<>(), task -> {
                    Thread thread = new Thread(task, "verification-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// Whether a check was taken on.
    ///
    /// @param <T> what the check finds
    public sealed interface Taken<T> {
        /// It will be done; an exception of the check fails the stage.
        record Will<T>(CompletionStage<T> result) implements Taken<T> {}

        /// It will not.
        record Wont<T>(Refusal refusal) implements Taken<T> {}
    }

    /// Has `check` run on one of the threads, for a client at `address`.
    public <T> Taken<T> submit(InetAddress address, Supplier<T> check) {
        if (inFlight.incrementAndGet() > most) {
            inFlight.decrementAndGet();
            return new Taken.Wont<>(BUSY);
        }
        Network network = Network.of(address);
        if (!enter(network)) {
            inFlight.decrementAndGet();
            return new Taken.Wont<>(NETWORK_BUSY);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        arrived.add(new Turns.Task(network, () -> {
            Runnable tell;
            try {
                T found = check.get();
                tell = () -> result.complete(found);
            } catch (RuntimeException | Error bug) {
                tell = () -> result.completeExceptionally(bug);
            }
            // whoever hears of it may be back with the next check at once: the place is free before
            leave(network);
            tell.run();
        }));
        threads.execute(turns::runNext);
        return new Taken.Will<>(result);
    }

    /// Counts one more of `network`, unless it has as many as it may.
    private boolean enter(Network network) {
        while (true) {
            AtomicInteger known = perNetwork.get(network);
            if (known == null) {
                known = perNetwork.putIfAbsent(network, new AtomicInteger(1));
                if (known == null) {
                    return true;
                }
            }
            int count = known.get();
            if (count >= mostPerNetwork) {
                return false;
            }
            if (count > 0 && known.compareAndSet(count, count + 1)) {
                return true;
            }
            if (count == 0) {
                // the last of them has just left
                perNetwork.remove(network, known);
            }
        }
    }

    private void leave(Network network) {
        AtomicInteger count = perNetwork.get(network);
        if (count != null && count.decrementAndGet() == 0) {
            perNetwork.remove(network, count);
        }
        inFlight.decrementAndGet();
    }

    /// How many checks wait or run.
    public int inFlight() {
        return inFlight.get();
    }
}
