package dev.sallyport.controlplane.limit;

import dev.sallyport.api.limit.Census;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Standing;
import dev.sallyport.dataplane.limit.KeyNumber;
import dev.sallyport.dataplane.limit.Limit;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The limits in use, for operators. Any thread that may block.
public final class LimitOperation implements MetricSource {
    private final Supplier<List<Limit>> limits;
    private final Counters counters;

    /// @param limits those in use now
    public LimitOperation(Supplier<List<Limit>> limits, Counters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    /// How a key stands with one measure of a limit.
    public record KeyStanding(Limit limit, Measure measure, Standing standing) {}

    /// The limits in use, or the one called `name`.
    public List<Limit> limits(@Nullable String name) {
        return limits.get().stream()
                .filter(limit -> name == null || limit.name().equals(name))
                .toList();
    }

    /// How the key that `text` means stands with each of `some` that can have such a key.
    public List<KeyStanding> standing(List<Limit> some, String text) {
        List<KeyStanding> all = new ArrayList<>();
        for (Limit limit : some) {
            KeyNumber key = KeyNumber.of(limit, text, counters.secret());
            if (key != null) {
                for (Layer layer : limit.layers()) {
                    all.add(new KeyStanding(limit, layer.measure(), counters.standing(layer, key.high(), key.low())));
                }
            }
        }
        return all;
    }

    /// Forgets what the key that `text` means has taken of `some`; those of which something was forgotten.
    public List<Limit> forget(List<Limit> some, String text) {
        List<Limit> forgotten = new ArrayList<>();
        for (Limit limit : some) {
            KeyNumber key = KeyNumber.of(limit, text, counters.secret());
            boolean any = false;
            if (key != null) {
                for (Layer layer : limit.layers()) {
                    any |= counters.forget(layer, key.high(), key.low());
                }
            }
            if (any) {
                forgotten.add(limit);
            }
        }
        return forgotten;
    }

    @Override
    public void collect(MetricSink sink) {
        for (Limit limit : limits.get()) {
            sink.value(Metrics.LIMIT_DECISIONS, limit.figures().allowed(), limit.name(), "allowed");
            sink.value(Metrics.LIMIT_DECISIONS, limit.figures().refused(), limit.name(), "refused");
            sink.value(Metrics.LIMIT_DECISIONS, limit.figures().shadowed(), limit.name(), "shadowed");
            sink.value(Metrics.LIMIT_NEAREST, limit.figures().nearestToTheEdge(), limit.name());
            for (Layer layer : limit.layers()) {
                Census census = counters.census(layer);
                String measure = word(layer.measure());
                sink.value(Metrics.LIMIT_KEYS, census.keys(), limit.name(), measure);
                sink.value(Metrics.LIMIT_ROOM, census.room(), limit.name(), measure);
                sink.value(Metrics.LIMIT_OVERFLOWED, census.overflowed(), limit.name(), measure);
            }
        }
    }

    /// The key of the configuration that `measure` comes from.
    public static String word(Measure measure) {
        return switch (measure) {
            case Measure.Rate _ -> "rate";
            case Measure.Quota _ -> "quota";
            case Measure.Concurrent _ -> "concurrent";
        };
    }

    /// What `measure` allows, as it is written.
    public static String text(Measure measure) {
        return switch (measure) {
            case Measure.Rate rate -> {
                long seconds = rate.periodNanos() / 1_000_000_000L;
                String unit = seconds == 1 ? "s" : seconds == 60 ? "min" : "h";
                yield rate.amount() + "/" + unit + " burst " + rate.burst();
            }
            case Measure.Quota quota ->
                quota.amount() + "/" + quota.per().name().toLowerCase(Locale.ROOT) + " " + quota.zone();
            case Measure.Concurrent most -> most.most() + " at once";
        };
    }
}
