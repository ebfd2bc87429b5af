package dev.sallyport.dataplane.overload;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.limit.KeyHash;
import dev.sallyport.dataplane.limit.KeyPart;
import dev.sallyport.dataplane.limit.QuietLog;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// How much one loop has to do, and whom it refuses when that is too much. Confined to its loop, but for the figures.
///
/// Ten times a second the strongest signal is looked at. As long as it is above its mark, a threshold climbs over the
/// ranks, the faster the more it is above; well below the mark it comes down, slower; in between it stays. Ranks below
/// the threshold are refused; of the rank it stands in, a part, fair between callers. Callers in good standing on
/// critical routes are never refused by it.
public final class LoopLoad implements MetricSource {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// The height of one rank.
    private static final int RANK = 64;

    private static final int SLOWEST_CLIMB = RANK / 4;
    private static final int DESCENT = RANK / 8;
    private static final int HIGHEST = Rank.knownCritical() * RANK;
    private static final double CALM = 0.8;
    private static final KeyPart SOURCE = new KeyPart.Source(32, 64);

    private final Worker worker;
    private final GatewayLoad whole;
    private final KeyHash hash;
    private final Ration ration = new Ration();
    private final QuietLog log = new QuietLog();
    private final AtomicLong active = new AtomicLong();
    private final AtomicLongArray refused = new AtomicLongArray(Priority.values().length);
    private volatile int threshold;
    private volatile Signal signal = Signal.LOOP_LAG;
    private long nextLook = Long.MIN_VALUE;

    LoopLoad(Worker worker, GatewayLoad whole) {
        this.worker = worker;
        this.whole = whole;
        this.hash = new KeyHash(whole.secret());
    }

    /// A request begins.
    public void began(long now) {
        active.lazySet(active.getPlain() + 1);
        if (nextLook == Long.MIN_VALUE || now - nextLook >= 0) {
            long periods = nextLook == Long.MIN_VALUE ? 1 : 1 + (now - nextLook) / LOOK_NANOS;
            nextLook = now + LOOK_NANOS;
            look(periods);
        }
    }

    /// A request is over.
    public void ended() {
        active.lazySet(active.getPlain() - 1);
    }

    private void look(long periods) {
        OverloadSettings settings = whole.settings();
        double lag = (double) worker.deadlines().meanLagNanos() / settings.loopLag();
        double memory = (double) whole.memoryPermille() / settings.memoryPermille();
        double requests = (double) whole.active() / settings.requests();
        double pressure = Math.max(lag, Math.max(memory, requests));
        int next = next(threshold, pressure, periods);
        if (next > 0) {
            signal = pressure == lag ? Signal.LOOP_LAG : pressure == memory ? Signal.MEMORY : Signal.REQUESTS;
            ration.begin(next / RANK, 1 - next % RANK / (double) RANK);
        }
        threshold = next;
    }

    /// Where the threshold goes from `now` under this pressure, 1 being the mark, when so many periods are over
    /// since the
    /// last look.
    static int next(int now, double pressure, long periods) {
        if (pressure > 1) {
            return Math.min(HIGHEST, now + (int) Math.min(RANK, SLOWEST_CLIMB + (pressure - 1) * 4 * RANK));
        }
        return pressure < CALM ? (int) Math.max(0, now - DESCENT * Math.min(periods, HIGHEST)) : now;
    }

    /// Why a request on a route of this priority is refused before anybody asks who sent it; null when it is not.
    public @Nullable Refusal early(Exchange exchange, Priority priority) {
        boolean tooMany = active.getPlain() > whole.settings().requests() && priority != Priority.CRITICAL;
        if (tooMany) {
            signal = Signal.REQUESTS;
        }
        return tooMany || Rank.highest(priority) < threshold / RANK ? refuse(exchange, priority) : null;
    }

    /// Why a request that was let in is refused all the same; null when it is not.
    public @Nullable Refusal late(Exchange exchange, Priority priority) {
        int now = threshold;
        if (now == 0) {
            return null;
        }
        int rank = Rank.of(priority, exchange);
        boolean refused = rank < now / RANK || (rank == now / RANK && !ration.passes(slot(exchange)));
        return refused ? refuse(exchange, priority) : null;
    }

    private Refusal refuse(Exchange exchange, Priority priority) {
        count(priority);
        return told(exchange, signal, OverloadRefusals.GATEWAY);
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    private void count(Priority priority) {
        // one writer: no read-modify-write is needed
        refused.setOpaque(priority.ordinal(), refused.getPlain(priority.ordinal()) + 1);
    }

    /// A place for `exchange` at `gate`: a ticket, or one that stands for none, see [LoadGate#take].
    ///
    /// @param now [System#nanoTime()]
    public int enter(LoadGate gate, Exchange exchange, Priority priority, long now) {
        return gate.take(worker.number(), Rank.of(priority, exchange), slot(exchange), now);
    }

    /// What is said to `exchange`, which `gate` had no place for.
    ///
    /// @param ticket what [#enter] gave
    public Refusal full(Exchange exchange, int ticket) {
        Signal why = ticket == LoadGate.ABOVE_SHARE ? Signal.FAIR_SHARE : Signal.CONCURRENCY;
        return told(exchange, why, OverloadRefusals.UPSTREAM);
    }

    private Refusal told(Exchange exchange, Signal why, OverloadRefusals refusals) {
        exchange.overloaded(why.word());
        int leftOut = log.next(exchange.startedAt());
        if (leftOut < 0) {
            exchange.leaveOut();
        } else {
            exchange.leftOutBefore(leftOut);
        }
        return refusals.of(exchange);
    }

    /// By what the caller is told apart from others: its tenant, itself where it has none, its network where nobody
    /// knows
    /// who it is.
    private int slot(Exchange exchange) {
        hash.begin();
        if (!KeyPart.Caller.TENANT.addTo(hash, exchange) && !KeyPart.Caller.ID.addTo(hash, exchange)) {
            SOURCE.addTo(hash, exchange);
        }
        hash.end();
        return (int) (hash.low() & (Shares.SLOTS - 1));
    }

    // ---- figures, for any thread

    long active() {
        return active.get();
    }

    int threshold() {
        return threshold;
    }

    Signal signal() {
        return signal;
    }

    long lagNanos() {
        return worker.deadlines().meanLagNanos();
    }

    long refused() {
        long sum = 0;
        for (int i = 0; i < refused.length(); i++) {
            sum += refused.getOpaque(i);
        }
        return sum;
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // an index of this process
    public void collect(MetricSink sink) {
        sink.value(Metrics.SERVER_ACTIVE, active.get());
        for (Priority priority : Priority.values()) {
            sink.value(
                    Metrics.OVERLOAD_REFUSED,
                    refused.getOpaque(priority.ordinal()),
                    priority.name().toLowerCase(Locale.ROOT));
        }
        sink.value(Metrics.OVERLOAD_THRESHOLD, threshold / (double) RANK, Integer.toString(worker.number()));
    }
}
