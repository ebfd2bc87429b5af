package dev.sallyport.app.limit;

import dev.sallyport.app.explain.ExplainedText;
import dev.sallyport.app.limit.ReplayCounts.PerLimit;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.limit.LimitOperation;
import dev.sallyport.dataplane.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Says what came of a replay.
final class ReplayText {
    private static final int MOST = 10;
    private static final double PERCENT = 100;

    private ReplayText() {}

    static String of(Replay.Report report) {
        ReplayCounts counts = report.counts();
        long refused = refused(report);
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d requests in %s: %d would have been refused by limits (%.2f %%)%n",
                counts.requests(),
                span(report),
                refused,
                counts.requests() == 0 ? 0 : PERCENT * refused / counts.requests()));
        for (Limit limit : report.limits()) {
            if (!report.untold().containsKey(limit)) {
                limit(limit, counts.of(limit), text);
            }
        }
        new TreeMap<>(names(report.untold()))
                .forEach((name, lacking) -> note(text, name + " is left out: an access log does not tell " + lacking));
        note(text, counts.stopped, "were refused for other reasons then, and count by their source only");
        note(text, counts.unknownCallers, "were refused by limits then before the caller was known");
        note(text, counts.undecided, "would be answered 503: nobody can tell what they cost");
        note(text, counts.unrouted, "have no route in this configuration");
        note(text, counts.unread, "lines tell of no request that can be replayed");
        note(text, counts.leftOut, "refusals were left out of the log, so that there were more requests than it shows");
        note(
                text,
                counts.sampledOut,
                "requests were not logged because of sampling, so that limits would have refused more");
        return text.toString();
    }

    private static Map<String, String> names(Map<Limit, String> untold) {
        return untold.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
    }

    private static String span(Replay.Report report) {
        return report.span().toSeconds() + " s";
    }

    private static long refused(Replay.Report report) {
        long refused = 0;
        for (Limit limit : report.limits()) {
            refused += report.counts().of(limit).refused;
        }
        return refused;
    }

    private static void note(StringBuilder text, long count, String what) {
        if (count > 0) {
            note(text, count + " " + what);
        }
    }

    private static void note(StringBuilder text, String what) {
        text.append("note: ").append(what).append('\n');
    }

    private static void limit(Limit limit, PerLimit counts, StringBuilder text) {
        text.append(limit.name())
                .append("  ")
                .append(limit.layers().stream()
                        .map(layer -> LimitOperation.text(layer.measure()))
                        .collect(Collectors.joining(", ")))
                .append("  asked ")
                .append(counts.asked)
                .append(" by ")
                .append(counts.distinct())
                .append(" keys, refused ")
                .append(counts.refused);
        if (limit.terms().trial()) {
            text.append(", would refuse ").append(counts.wouldRefuse).append(" (shadow)");
        }
        text.append('\n');
        counts.most(MOST)
                .forEach(key -> text.append("  ")
                        .append(ExplainedText.printable(key.getKey()))
                        .append("  refused ")
                        .append(key.getValue())
                        .append('\n'));
    }

    static Json json(Replay.Report report) {
        ReplayCounts counts = report.counts();
        List<Json> limits = new ArrayList<>();
        for (Limit limit : report.limits()) {
            if (report.untold().containsKey(limit)) {
                continue;
            }
            PerLimit one = counts.of(limit);
            List<Json> keys = new ArrayList<>();
            one.most(MOST)
                    .forEach(key -> keys.add(new Json().put("key", key.getKey()).put("refused", key.getValue())));
            limits.add(new Json()
                    .put("limit", limit.name())
                    .put("asked", one.asked)
                    .put("keys", one.distinct())
                    .put("refused", one.refused)
                    .put("would-refuse", one.wouldRefuse)
                    .put("top", keys));
        }
        return new Json()
                .put("requests", counts.requests())
                .put("seconds", report.span().toSeconds())
                .put("refused", refused(report))
                .put("limits", limits)
                .put("left-out", names(report.untold()))
                .put("refused-for-other-reasons", counts.stopped)
                .put("callers-unknown", counts.unknownCallers)
                .put("undecided", counts.undecided)
                .put("unrouted", counts.unrouted)
                .put("unread", counts.unread)
                .put("not-logged", counts.leftOut)
                .put("sampled-out", counts.sampledOut);
    }
}
