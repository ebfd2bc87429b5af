package dev.sallyport.controlplane.behaviour.share;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.controlplane.behaviour.share.Finding.Subject;
import dev.sallyport.dataplane.behaviour.Register;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Tells other gateways who is banned, refused and pardoned here, and follows what they tell, through a store that all
/// share. While that is gone each goes on by itself, and tells what it decided when it is back. Values that none of
/// the gateways sealed are believed by none.
public final class SharedVerdicts implements Verdict.Listener, MetricSource, AutoCloseable {
    private static final String SPACE = "verdicts";

    /// How far apart readings are: two of them, and two questions, are less than the second that is promised.
    private static final Duration EVERY = Duration.ofMillis(250);

    private static final Duration STATE_WITHIN = Duration.ofSeconds(5);
    private static final int MOST_UNHEARD = 10_000;
    private static final int ID_OCTETS = 16;
    private static final double NANOS = 1e9;

    private final Register register;
    private final SharedState state;
    private final InstantSource clock;
    private final EventLog log;
    private final VerdictBook book;
    private final ConcurrentLinkedQueue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unheard = new AtomicInteger();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running;
    private volatile int own;
    private volatile int others;
    private volatile long unshared;
    private volatile long readAt;
    private final LongAdder dropped = new LongAdder();
    private Rules.@Nullable Networks networks;

    /// Something that was decided here, and is not in the book yet.
    ///
    /// @param at    when, in milliseconds of the epoch
    /// @param until when it ends
    private record Heard(Verdict verdict, Subject subject, long at, long until) {}

    public SharedVerdicts(Register register, Services services, EventLog log) {
        this.register = register;
        this.state = services.state();
        this.clock = services.clock();
        this.log = log;
        byte[] random = new byte[ID_OCTETS];
        new SecureRandom().nextBytes(random);
        this.book = new VerdictBook(HexFormat.of().formatHex(random));
    }

    /// Begins, where there is a store that gateways share.
    public void start() {
        if (state.shared()) {
            readAt = System.nanoTime();
            running = true;
            Thread.ofVirtual().name("verdicts").start(this::run);
        }
    }

    @Override
    public void onVerdict(Verdict verdict, Kind kind, String key, long nanos) {
        // nobody is refused as an account; to forget of it is for all gateways
        if (!running || (kind == Kind.ACCOUNT && verdict != Verdict.PARDONED)) {
            return;
        }
        if (unheard.incrementAndGet() > MOST_UNHEARD && verdict == Verdict.REFUSED) {
            unheard.decrementAndGet();
            dropped.increment();
            return;
        }
        long now = clock.millis();
        heard.add(new Heard(verdict, new Subject(kind, key), now, now + TimeUnit.NANOSECONDS.toMillis(nanos)));
        if (verdict != Verdict.REFUSED) {
            wake.release();
        }
    }

    private void run() {
        while (running) {
            try {
                wake.tryAcquire(EVERY.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException bug) {
                log.failure(Event.INTERNAL_ERROR, bug);
            }
        }
    }

    /// Learns and tells once.
    private void look() throws InterruptedException {
        for (Heard one = heard.poll(); one != null; one = heard.poll()) {
            unheard.decrementAndGet();
            book.decided(one.verdict, one.subject, one.until, one.at);
        }
        Rules.Networks now = register.networks();
        if (now == null) {
            // conduct is not watched: what others tell is followed when it is
            networks = null;
            return;
        }
        if (!now.equals(networks)) {
            networks = now;
            book.forgetFollowed();
        }
        long begun = System.nanoTime();
        Map<String, byte[]> told = await(state.all(SPACE));
        if (told == null) {
            return;
        }
        book.read(told);
        long millis = clock.millis();
        for (Finding one : book.news(millis)) {
            register.follow(
                    one.verdict(),
                    one.subject().kind(),
                    one.subject().key(),
                    Duration.ofMillis(Math.max(0, one.until() - millis)));
        }
        readAt = begun;
        for (VerdictBook.Write write : book.writes(millis)) {
            // what is not done is seen at the next reading
            await(state.replace(SPACE, write.name(), write.expected(), write.next(), limited(write.until())));
        }
        own = book.own();
        others = book.others(millis);
        unshared = book.unshared();
    }

    private static Duration limited(Duration until) {
        return until.compareTo(SharedState.LONGEST_VALUE) > 0 ? SharedState.LONGEST_VALUE : until;
    }

    /// What the store answers; null when it does not.
    private static <T> @Nullable T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(STATE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException down) {
            return null;
        }
    }

    @Override
    public void collect(MetricSink sink) {
        if (running && register.on()) {
            sink.value(Metrics.BEHAVIOUR_SHARED, own, "itself");
            sink.value(Metrics.BEHAVIOUR_SHARED, others, "others");
            sink.value(Metrics.BEHAVIOUR_UNSHARED, unshared + dropped.sum());
            sink.value(Metrics.BEHAVIOUR_SHARED_AGE, (System.nanoTime() - readAt) / NANOS);
        }
    }

    @Override
    public void close() {
        running = false;
        wake.release();
    }
}
