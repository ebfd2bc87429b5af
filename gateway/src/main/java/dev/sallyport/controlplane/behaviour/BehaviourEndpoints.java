package dev.sallyport.controlplane.behaviour;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.config.read.Scalars;
import dev.sallyport.dataplane.behaviour.Register;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.telemetry.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the admin listener offers about conduct: whose score is high, why, pardon and ban.
public final class BehaviourEndpoints {
    private static final String TOP = "/behaviour";
    private static final String KEY = "/behaviour/key";
    private static final int MOST = 50;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final String EXPECTED =
            "expected: an address, the network around it, or authenticator/caller, as `sallyport behaviour top` shows it";

    private final Register register;

    public BehaviourEndpoints(Register register) {
        this.register = register;
    }

    /// Every endpoint.
    public List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.of("GET", TOP, this::top),
                AdminEndpoint.of("GET", KEY, this::show),
                AdminEndpoint.of("DELETE", KEY, this::pardon),
                AdminEndpoint.of("POST", KEY, this::ban));
    }

    /// Why a request about `key` is not answered, or null.
    private @Nullable AdminResponse refusal(@Nullable String key) {
        if (!register.on()) {
            return AdminResponse.problem(
                    404,
                    "behaviour-off",
                    "Not watched",
                    "conduct is not watched (expected: `behaviour` in the configuration)");
        }
        if (key == null) {
            return AdminResponse.problem(
                    400, "behaviour-key-unnamed", "Which one?", "Say which: " + KEY + "?key=KEY (" + EXPECTED + ").");
        }
        return register.means(key)
                ? null
                : AdminResponse.problem(
                        404,
                        "behaviour-key-unknown",
                        "No such key",
                        "nothing is like " + Printable.of(key) + " (" + EXPECTED + ")");
    }

    private AdminResponse top(AdminRequest request) {
        AdminResponse refusal = refusal("127.0.0.1");
        return refusal != null ? refusal : answer(request, register.top(MOST), "nothing speaks against anybody\n");
    }

    private AdminResponse show(AdminRequest request) {
        String key = request.parameter("key");
        AdminResponse refusal = refusal(key);
        return refusal != null || key == null ? refused(refusal) : answer(request, register.show(key), "");
    }

    private static AdminResponse refused(@Nullable AdminResponse refusal) {
        if (refusal == null) {
            throw new IllegalStateException("refused without a reason");
        }
        return refusal;
    }

    private static AdminResponse answer(AdminRequest request, List<Register.Entry> entries, String none) {
        if (request.asksForText()) {
            StringBuilder text = new StringBuilder(entries.isEmpty() ? none : "");
            entries.forEach(one -> line(one, text));
            return AdminResponse.text(200, text.toString());
        }
        List<Json> all = new ArrayList<>();
        entries.forEach(one -> all.add(json(one)));
        return AdminResponse.json(200, new Json().put("entries", all));
    }

    private static Json json(Register.Entry one) {
        Map<String, Double> signals = new TreeMap<>();
        one.signals().forEach((name, score) -> signals.put(name, rounded(score)));
        return new Json()
                .put("kind", one.kind().label())
                .put("key", one.key())
                .put("level", one.level().label())
                .put("score", rounded(one.score()))
                .put("signals", signals)
                .put("refused-seconds", one.refused().toSeconds())
                .put("banned-seconds", one.banned().toSeconds());
    }

    private static double rounded(double score) {
        return Math.round(score * 100) / 100.0;
    }

    private static void line(Register.Entry one, StringBuilder text) {
        String signals = new TreeMap<>(one.signals())
                .entrySet().stream()
                        .map(signal -> String.format(Locale.ROOT, "%s %.1f", signal.getKey(), signal.getValue()))
                        .collect(Collectors.joining(", "));
        text.append(String.format(
                Locale.ROOT,
                "%-8s  %-40s  %-10s  %8.1f  %s%s%s%n",
                one.kind().label(),
                Printable.of(one.key()),
                one.level().label(),
                one.score(),
                signals,
                left(", refused for ", one.refused(), signals.isEmpty()),
                left(", banned for ", one.banned(), signals.isEmpty())));
    }

    private static String left(String word, Duration left, boolean first) {
        if (left.isZero()) {
            return "";
        }
        Duration whole = Duration.ofSeconds(Math.max(1, left.toSeconds()));
        return (first ? word.substring(2) : word) + Scalars.text(whole);
    }

    private AdminResponse pardon(AdminRequest request) {
        String key = request.parameter("key");
        AdminResponse refusal = refusal(key);
        if (refusal != null || key == null) {
            return refused(refusal);
        }
        List<String> pardoned = register.pardon(key).stream().map(Kind::label).toList();
        if (request.asksForText()) {
            return AdminResponse.text(
                    200,
                    pardoned.isEmpty()
                            ? "nothing to pardon: nothing speaks against " + Printable.of(key) + " here\n"
                            : "pardoned " + Printable.of(key) + "\n");
        }
        return AdminResponse.json(200, new Json().put("key", key).put("pardoned", pardoned));
    }

    private AdminResponse ban(AdminRequest request) {
        String key = request.parameter("key");
        AdminResponse refusal = refusal(key);
        if (refusal != null || key == null) {
            return refused(refusal);
        }
        String given = request.parameter("for");
        Duration how;
        try {
            how = Scalars.duration(given == null ? "" : given);
        } catch (IllegalArgumentException e) {
            return badDuration(String.valueOf(e.getMessage()));
        }
        if (how.compareTo(SHORTEST) < 0 || how.compareTo(LONGEST) > 0) {
            return badDuration(given + " (expected: 1s to 8784h)");
        }
        Kind kind = register.ban(key, how);
        if (kind == null) {
            return AdminResponse.problem(
                    422, "behaviour-ban", "Cannot be banned", Printable.of(key) + " (" + EXPECTED + ")");
        }
        return request.asksForText()
                ? AdminResponse.text(
                        200, "banned " + kind.label() + " " + Printable.of(key) + " for " + Scalars.text(how) + "\n")
                : AdminResponse.json(
                        200,
                        new Json().put("key", key).put("kind", kind.label()).put("banned-seconds", how.toSeconds()));
    }

    private static AdminResponse badDuration(String what) {
        return AdminResponse.problem(422, "behaviour-duration", "For how long?", "for: " + what);
    }
}
