package dev.sallyport.app.console;

import com.sun.management.OperatingSystemMXBean;
import dev.sallyport.controlplane.console.Figures;
import dev.sallyport.extension.observe.signals.Distribution;
import dev.sallyport.extension.observe.signals.Figure;
import dev.sallyport.extension.observe.signals.Scope;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.signals.Window;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The golden signals of a running gateway, as the console draws them.
public final class SignalFigures implements Figures {
    private static final Duration HISTORY = Duration.ofMinutes(10);
    private static final double MILLIS = 1e3;

    private final Signals signals;
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    public SignalFigures(Signals signals) {
        this.signals = signals;
    }

    private Duration step() {
        return signals.resolution().fine();
    }

    @Override
    public int stepMillis() {
        return Math.toIntExact(step().toMillis());
    }

    @Override
    public @Nullable Slice whole() {
        Window window = signals.last(Scope.GATEWAY, step());
        return window.seconds() > 0 ? slice(window) : null;
    }

    @Override
    public Map<String, Slice> routes() {
        return latest(Scope.Kind.ROUTE);
    }

    @Override
    public Map<String, Slice> upstreams() {
        return latest(Scope.Kind.UPSTREAM);
    }

    private Map<String, Slice> latest(Scope.Kind kind) {
        Map<String, Slice> slices = new LinkedHashMap<>();
        signals.last(kind, step()).forEach((scope, window) -> {
            if (window.requests() > 0) {
                slices.put(scope.name(), slice(window));
            }
        });
        return slices;
    }

    @Override
    public Saturation saturation() {
        Window window = signals.last(Scope.GATEWAY, step());
        double direct =
                window.get(Figure.DIRECT_USED) / (double) Runtime.getRuntime().maxMemory();
        return new Saturation(
                window.get(Figure.IN_FLIGHT),
                window.get(Figure.CONNECTIONS),
                window.get(Figure.LOOP_LAG_MICROS) / MILLIS,
                ratio(window.get(Figure.HEAP_USED), window.get(Figure.HEAP_LIMIT)),
                direct,
                ratio(window.get(Figure.FILES_OPEN), window.get(Figure.FILES_LIMIT)),
                system == null || system.getProcessCpuLoad() < 0 ? Double.NaN : system.getProcessCpuLoad());
    }

    private static double ratio(long part, long whole) {
        return whole > 0 ? part / (double) whole : Double.NaN;
    }

    @Override
    public List<Slice> history(String kind, String name) {
        Scope scope = switch (kind) {
            case "route" -> Scope.route(name);
            case "upstream" -> Scope.upstream(name);
            default -> Scope.GATEWAY;
        };
        long end = signals.end();
        List<Slice> slices = new ArrayList<>();
        for (Window window : signals.slices(scope, end - HISTORY.toMillis(), end, step())) {
            slices.add(slice(window));
        }
        return slices;
    }

    private static Slice slice(Window window) {
        Distribution served = window.served();
        return new Slice(
                Instant.ofEpochMilli(window.to()),
                window.seconds(),
                window.requests(),
                window.failed(),
                window.refused(),
                window.get(Figure.RESPONSE_OCTETS),
                served.quantile(0.5) * MILLIS,
                served.quantile(0.9) * MILLIS,
                served.quantile(0.99) * MILLIS);
    }
}
