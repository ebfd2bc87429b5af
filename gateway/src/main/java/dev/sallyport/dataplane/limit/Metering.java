package dev.sallyport.dataplane.limit;

import dev.sallyport.api.exchange.Attribute;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Measure;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the limits of one exchange said of it. Confined to its event loop.
final class Metering implements Runnable {
    private static final Attribute<Metering> OF = Attribute.of("metering", Metering.class);

    private final Counters counters;
    private final Charge charge;
    private Limit[] limits;
    private boolean ends;

    private Metering(Counters counters, int expected) {
        this.counters = counters;
        this.charge = new Charge(expected);
        this.limits = new Limit[expected];
    }

    /// What is known of `exchange`, begun when nothing is.
    ///
    /// @param expected how many layers there will be, about
    static Metering of(Exchange exchange, Counters counters, int expected) {
        Metering known = exchange.get(OF);
        if (known == null) {
            known = new Metering(counters, expected);
            exchange.put(OF, known);
        }
        return known;
    }

    /// What is known of `exchange`; null when no limit applied.
    static @Nullable Metering find(Exchange exchange) {
        return exchange.get(OF);
    }

    Charge charge() {
        return charge;
    }

    /// The limit that part number `part` of the charge is of.
    Limit limit(int part) {
        return limits[part];
    }

    void add(Limit limit, long high, long low, long cost) {
        for (var layer : limit.layersOnLoop()) {
            int part = charge.size();
            if (part == limits.length) {
                limits = Arrays.copyOf(limits, part + 4);
            }
            limits[part] = limit;
            boolean counted = !(layer.measure() instanceof Measure.Concurrent);
            charge.add(layer, high, low, counted ? cost : 1, limit.trial());
        }
    }

    /// Has everything ended that lasts as long as the exchange; at once if that is over by now.
    void endWith(Exchange exchange) {
        if (exchange.endedAt() != 0) {
            run();
        } else if (!ends) {
            ends = true;
            exchange.whenOver(this);
        }
    }

    @Override
    public void run() {
        counters.end(charge);
    }
}
