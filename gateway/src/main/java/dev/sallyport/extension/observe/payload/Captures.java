package dev.sallyport.extension.observe.payload;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Has the bodies of exchanges captured: a policy of the routes that this is wanted for. Keeps count of all that is
/// kept
/// at once, so that whatever goes by, memory is bounded.
public final class Captures implements Policy, MetricSource {
    private final AtomicLong held = new AtomicLong();
    private final LongAdder withoutRoom = new LongAdder();
    private volatile Bounds bounds = new Bounds(0, 0);

    /// @param most octets of one body
    /// @param room octets of all bodies
    private record Bounds(int most, long room) {}

    /// From now on, keeps `most` octets of each body and `room` octets of all.
    public void use(int most, long room) {
        bounds = new Bounds(most, room);
    }

    @Override
    public Phase phase() {
        return Phase.SCREEN;
    }

    @Override
    public Decision decide(Exchange exchange) {
        Bounds now = bounds;
        if (now.most > 0) {
            exchange.tap(new Capture(this, now.most, exchange.request().headers()));
        }
        return Decision.PROCEED;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    /// Whether there was room for so many more octets, which then count as held.
    boolean take(int octets) {
        if (held.addAndGet(octets) <= bounds.room) {
            return true;
        }
        held.addAndGet(-octets);
        withoutRoom.increment();
        return false;
    }

    void giveBack(int octets) {
        held.addAndGet(-octets);
    }

    /// How many octets are held now.
    public long held() {
        return held.get();
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.PAYLOAD_HELD, held.get());
        sink.value(Metrics.PAYLOAD_WITHOUT_ROOM, withoutRoom.sum());
    }
}
