package dev.sallyport.remote;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Asks a server: once for all who want to know the same at the same moment, never more at once than agreed, and not
/// at all for a time after it failed repeatedly (threats OA-13, OA-14).
///
/// Called on event loops; the question itself is asked on a thread that may wait.
///
/// @param <T> what the server answers
public final class Questions<T> {
    private final String name;
    private final EventLog log;
    private final Executor blocking;
    private final LongSupplier nanos;
    private final Bulkhead bulkhead;
    private final Breaker breaker;
    private final Wording wording;
    private final ConcurrentMap<Fingerprint, CompletableFuture<Answer<T>>> open = new ConcurrentHashMap<>();
    private final Latencies latencies = new Latencies();
    private final LongAdder asked = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder joined = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// How much is asked of the server, and when it is given up.
    ///
    /// @param most             questions open at once
    /// @param mostPerNetwork   of them, those for one network of clients
    /// @param failuresToOpen   failures in a row after which it is not asked
    /// @param openFor          for how long
    public record Bounds(int most, int mostPerNetwork, int failuresToOpen, Duration openFor) {}

    /// @param name who asks, for logs
    /// @param blocking runs what waits
    /// @param nanos a clock that never steps
    public Questions(String name, EventLog log, Executor blocking, LongSupplier nanos, Bounds bounds, Wording wording) {
        this.name = name;
        this.log = log;
        this.blocking = blocking;
        this.nanos = nanos;
        this.wording = wording;
        this.bulkhead = new Bulkhead(bounds.most(), bounds.mostPerNetwork(), wording);
        this.breaker = new Breaker(bounds.failuresToOpen(), bounds.openFor());
    }

    /// A question; on a thread that may wait.
    ///
    /// @param <T> what the server answers
    public interface Question<T> {
        /// Asks it.
        ///
        /// @throws IOException when the server did not answer as it must
        T ask() throws IOException;
    }

    /// What became of a question.
    ///
    /// @param <T> what the server answers
    public sealed interface Answer<T> {
        record Learnt<T>(T value) implements Answer<T> {}

        /// Nothing is known.
        record Unknown<T>(Refusal refusal) implements Answer<T> {}
    }

    /// Asks about what `about` stands for, for a client at `address`, or joins who does already. The stage never fails;
    /// what is to be
    /// remembered is to be put away by the question itself.
    public CompletableFuture<Answer<T>> ask(Fingerprint about, InetAddress address, Question<T> question) {
        CompletableFuture<Answer<T>> known = open.get(about);
        if (known != null) {
            joined.increment();
            return known;
        }
        Network network = Network.of(address);
        Refusal full = bulkhead.enter(network);
        if (full != null) {
            return unknown(full);
        }
        CompletableFuture<Answer<T>> mine = new CompletableFuture<>();
        known = open.putIfAbsent(about, mine);
        if (known != null) {
            bulkhead.leave(network);
            joined.increment();
            return known;
        }
        if (!breaker.lets(nanos.getAsLong())) {
            end(about, network, mine, new Answer.Unknown<>(wording.unavailable()));
            refused.increment();
            return mine;
        }
        blocking.execute(() -> end(about, network, mine, answer(question)));
        return mine;
    }

    private CompletableFuture<Answer<T>> unknown(Refusal why) {
        refused.increment();
        return CompletableFuture.completedFuture(new Answer.Unknown<>(why));
    }

    private void end(Fingerprint about, Network network, CompletableFuture<Answer<T>> mine, Answer<T> answer) {
        open.remove(about, mine);
        bulkhead.leave(network);
        mine.complete(answer);
    }

    private Answer<T> answer(Question<T> question) {
        asked.increment();
        long begun = nanos.getAsLong();
        try {
            T value = question.ask();
            if (breaker.succeeded()) {
                log.event(wording.recovered(), "name", name);
            }
            return new Answer.Learnt<>(value);
        } catch (IOException | RuntimeException e) {
            failed.increment();
            if (breaker.failed(nanos.getAsLong())) {
                log.event(wording.failing(), "name", name, "error", e);
            }
            return new Answer.Unknown<>(wording.unavailable());
        } finally {
            latencies.add(nanos.getAsLong() - begun);
        }
    }

    /// How long the server took, whatever it answered.
    public Latencies latencies() {
        return latencies;
    }

    /// Questions asked so far.
    public long asked() {
        return asked.sum();
    }

    /// Of them, those that were not answered as they must.
    public long failed() {
        return failed.sum();
    }

    /// Requests that waited for somebody else's question.
    public long joined() {
        return joined.sum();
    }

    /// Requests that were refused because no more may be asked.
    public long refused() {
        return refused.sum();
    }

    /// Questions open now.
    public int inFlight() {
        return bulkhead.inside();
    }

    /// Whether the server is given up for now.
    public boolean givenUp() {
        return breaker.open();
    }
}
