package dev.sallyport.dataplane.limit;

import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.exchange.Attribute;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Standings;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Measure;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the limits of one exchange said of it. Confined to its event loop; once the exchange is over, others may look.
final class Metering implements Runnable, Standings {
    private static final Attribute<Metering> OF = Attribute.of("metering", Metering.class);

    private static final long MOST = 10 * Measure.Quota.LARGEST;

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
            exchange.standings(known);
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

    /// Adds what `limit` is to be asked for.
    ///
    /// @param factor what rates and numbers at the same time are multiplied by, in thousandths; quotas stay as
    ///     they are
    void add(Limit limit, long high, long low, long cost, int factor) {
        for (var layer : limit.layersOnLoop()) {
            int part = charge.size();
            if (part == limits.length) {
                limits = Arrays.copyOf(limits, part + 4);
            }
            limits[part] = limit;
            charge.addThousandths(layer, high, low, thousandths(layer.measure(), cost, factor), limit.trial());
        }
    }

    private static long thousandths(Measure measure, long asked, int factor) {
        // what is more than ever is there is refused, however much more
        long cost = Math.min(asked, MOST);
        return switch (measure) {
            case Measure.Quota _ -> cost * Charge.WHOLE;
            case Measure.Concurrent _ -> scaled(1, factor);
            case Measure.Rate rate -> {
                // one request of all that there ever is stays possible
                long most = Math.max(cost, rate.burst()) * Charge.WHOLE;
                yield Math.min(scaled(cost, factor), most);
            }
        };
    }

    private static long scaled(long cost, int factor) {
        return factor == Conduct.WHOLE ? cost * Charge.WHOLE : (cost * Charge.WHOLE * Conduct.WHOLE - 1) / factor + 1;
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
    public int size() {
        return charge.size();
    }

    @Override
    public String name(int part) {
        return limits[part].name() + LimitFields.period(charge.layer(part).measure());
    }

    @Override
    public long most(int part) {
        return charge.layer(part).measure().most();
    }

    @Override
    public long remaining(int part) {
        Charge.State state = charge.state(part);
        return state == Charge.State.OPEN || state == Charge.State.UNKNOWN ? -1 : charge.remaining(part);
    }

    @Override
    public void run() {
        counters.end(charge);
    }
}
