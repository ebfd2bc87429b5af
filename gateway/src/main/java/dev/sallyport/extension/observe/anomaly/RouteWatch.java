package dev.sallyport.extension.observe.anomaly;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.signals.Figure;
import dev.sallyport.extension.observe.signals.Scope;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.signals.Window;
import dev.sallyport.extension.observe.source.RequestExamples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Compares the last minutes of a route with the hours before, minute by minute: two minutes for the kinds of answers,
/// three for how long they take, so that a hiccup of some seconds in each of two minutes is none.
@OffLoop("the sampler's thread")
final class RouteWatch {
    private static final int ENOUGH_MINUTES = 30;
    private static final int LATEST = 3;
    private static final int FEW_REQUESTS = 30;
    private static final double FAR = 6;
    private static final double LEAST_SHARE = 0.1;
    private static final double SHARE_SPREAD = 0.015;
    private static final double LEAST_SLOWER = 1.5;
    private static final double LOG_SPREAD = 0.08;
    private static final long LEAST_LOGINS = 30;
    private static final double LEAST_LOGIN_TIMES = 3;
    private static final double SLOW_QUANTILE = 0.9;
    private static final double LEAST_SECONDS = 1e-4;
    private static final double PERCENT = 100;

    private final Signals signals;
    private final RequestExamples examples;
    private final Duration minute;
    private final Duration back;

    /// @param minute what is compared with its like; a minute
    RouteWatch(Signals signals, RequestExamples examples, Duration minute) {
        this.signals = signals;
        this.examples = examples;
        this.minute = minute;
        this.back = minute.multipliedBy(180);
    }

    /// A kind of answers, and how many of them a window has.
    private record Share(String words, ToDoubleFunction<Window> count) {}

    private static final List<Share> SHARES = List.of(
            new Share("failures", Window::failed),
            new Share("refusals with 401", window -> window.get(Figure.UNAUTHENTICATED)),
            new Share("refusals with 403", window -> window.get(Figure.DENIED)),
            new Share("refusals by limits", window -> window.get(Figure.LIMITED)),
            new Share(
                    "other answers from 400 to 499",
                    window -> Math.max(0, window.get(Figure.CLIENT_ERRORS) - window.refused())));

    /// What is unlike the past of `scope` at `now`.
    List<Finding> look(Scope scope, Instant now) {
        long end = signals.end() / minute.toMillis() * minute.toMillis();
        if (signals.window(scope, end - minute.toMillis(), end).requests() < FEW_REQUESTS) {
            return List.of(); // most routes, most of the time: hours need not be unfolded for them
        }
        List<Window> slices = signals.slices(scope, end - back.toMillis(), end, minute);
        if (slices.size() < ENOUGH_MINUTES + LATEST) {
            return List.of();
        }
        List<Window> before = slices.subList(0, slices.size() - LATEST);
        List<Window> latest = slices.subList(slices.size() - LATEST, slices.size());
        List<Finding> findings = new ArrayList<>();
        add(findings, logins(scope, before, latest.getLast(), now));
        if (scope.kind() == Scope.Kind.ROUTE) {
            List<Window> busy = before.stream()
                    .filter(window -> window.requests() >= FEW_REQUESTS)
                    .toList();
            if (busy.size() >= ENOUGH_MINUTES) {
                add(findings, mix(scope, busy, latest.subList(1, LATEST), now));
                add(findings, latency(scope, busy, latest, now));
            }
        }
        return findings;
    }

    private static void add(List<Finding> findings, @Nullable Finding finding) {
        if (finding != null) {
            findings.add(finding);
        }
    }

    private static double[] values(List<Window> windows, ToDoubleFunction<Window> value) {
        return windows.stream().mapToDouble(value).toArray();
    }

    private @Nullable Finding logins(Scope scope, List<Window> before, Window now, Instant at) {
        long failed = now.get(Figure.UNAUTHENTICATED);
        if (failed < LEAST_LOGINS) {
            return null;
        }
        double[] counts = values(before, window -> window.get(Figure.UNAUTHENTICATED));
        Robust usual = Robust.of(counts, 1);
        Robust atLeast = new Robust(usual.median(), Math.max(usual.spread(), Math.sqrt(usual.median())));
        double far = atLeast.above((double) failed) / FAR;
        if (far <= 1 || failed < LEAST_LOGIN_TIMES * usual.median()) {
            return null;
        }
        return new Finding(
                Finding.Kind.LOGIN_SPIKE,
                scope.toString(),
                at,
                far,
                String.format(
                        Locale.ROOT,
                        "%d failed authentications in a minute, usually %.0f: %.0f spreads away",
                        failed,
                        usual.median(),
                        atLeast.above((double) failed)),
                examples.bad(scope.name()));
    }

    private @Nullable Finding mix(Scope scope, List<Window> before, List<Window> latest, Instant at) {
        long fewest = latest.stream().mapToLong(Window::requests).min().orElse(0);
        if (fewest < FEW_REQUESTS) {
            return null;
        }
        Finding farthest = null;
        for (Share share : SHARES) {
            ToDoubleFunction<Window> part = window -> share.count().applyAsDouble(window) / window.requests();
            Robust usual = Robust.of(values(before, part), SHARE_SPREAD);
            double least = latest.stream().mapToDouble(part).min().orElse(0);
            double chance = Math.sqrt(usual.median() * (1 - usual.median()) / fewest);
            double far = new Robust(usual.median(), Math.max(usual.spread(), chance)).above(least) / FAR;
            if (far > 1 && least - usual.median() >= LEAST_SHARE && (farthest == null || far > farthest.distance())) {
                farthest = new Finding(
                        Finding.Kind.STATUS_MIX,
                        scope.toString(),
                        at,
                        far,
                        String.format(
                                Locale.ROOT,
                                "%.0f %% of answers are %s, usually %.0f %%: %.0f spreads away",
                                least * PERCENT,
                                share.words(),
                                usual.median() * PERCENT,
                                far * FAR),
                        examples.bad(scope.name()));
            }
        }
        return farthest;
    }

    private @Nullable Finding latency(Scope scope, List<Window> before, List<Window> latest, Instant at) {
        List<Window> answering = before.stream()
                .filter(window -> window.served().count() >= FEW_REQUESTS)
                .toList();
        if (answering.size() < ENOUGH_MINUTES
                || latest.stream().anyMatch(window -> window.served().count() < FEW_REQUESTS)) {
            return null;
        }
        ToDoubleFunction<Window> slow =
                window -> Math.log(Math.max(LEAST_SECONDS, window.served().quantile(SLOW_QUANTILE)));
        Robust usual = Robust.of(values(answering, slow), LOG_SPREAD);
        double now = latest.stream().mapToDouble(slow).min().orElse(0);
        double far = usual.above(now) / FAR;
        double times = Math.exp(now - usual.median());
        if (far <= 1 || times < LEAST_SLOWER) {
            return null;
        }
        return new Finding(
                Finding.Kind.LATENCY,
                scope.toString(),
                at,
                far,
                String.format(
                        Locale.ROOT,
                        "a tenth of answers takes longer than %.0f ms, usually %.0f ms: %.1f times as long",
                        Math.exp(now) * 1e3,
                        Math.exp(usual.median()) * 1e3,
                        times),
                examples.slow(scope.name()));
    }
}
