package dev.sallyport.extension.observe.anomaly;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.signals.Scope;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.source.RequestExamples;
import dev.sallyport.extension.observe.source.Sources;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is unlike the past, looked for once a minute. A finding that is not found again for three minutes is over.
@OffLoop("the sampler's thread and admin threads")
public final class Anomalies {
    private static final int LASTS = 3;

    private final Signals signals;
    private final RouteWatch routes;
    private final SourceWatch sources;
    private final Duration minute;
    private final Map<String, Kept> kept = new HashMap<>();
    private long lookedAt;

    private record Kept(Finding finding, Instant seen) {}

    public Anomalies(Signals signals, Sources sources, RequestExamples examples) {
        this(signals, sources, examples, Duration.ofMinutes(1));
    }

    Anomalies(Signals signals, Sources sources, RequestExamples examples, Duration minute) {
        this.signals = signals;
        this.routes = new RouteWatch(signals, examples, minute);
        this.sources = new SourceWatch(sources);
        this.minute = minute;
    }

    /// Looks, when a minute has passed since the last time.
    public synchronized void look(Instant now) {
        long current = now.toEpochMilli() / minute.toMillis();
        if (current == lookedAt) {
            return;
        }
        lookedAt = current;
        for (Scope scope : signals.scopes()) {
            if (scope.kind() == Scope.Kind.ROUTE) {
                routes.look(scope, now).forEach(finding -> keep(finding, now));
            }
        }
        sources.look(now).forEach(finding -> keep(finding, now));
        Instant oldest = now.minus(minute.multipliedBy(LASTS));
        kept.values().removeIf(one -> !one.seen().isAfter(oldest));
    }

    private void keep(Finding finding, Instant now) {
        kept.merge(
                finding.kind() + " " + finding.subject(),
                new Kept(finding, now),
                (old, next) -> new Kept(
                        new Finding(
                                finding.kind(),
                                finding.subject(),
                                old.finding().since(),
                                finding.distance(),
                                finding.text(),
                                finding.requests()),
                        next.seen()));
    }

    /// What is found now, the farthest from usual first.
    public synchronized List<Finding> findings() {
        return kept.values().stream()
                .map(Kept::finding)
                .sorted(Comparator.comparingDouble(Finding::distance).reversed())
                .toList();
    }
}
