package dev.sallyport.extension.authz;

import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Turns what a policy server decided into a verdict, and counts.
final class Rulings {
    private static final int LONGEST_REASON = 200;
    private static final String DENIED = "policy-denied";
    private static final String NOT_TOLD = "The policy does not allow this request.";

    private final String name;
    private final UpstreamFields fields;
    private final boolean tellReasons;
    private final String rule;
    private final Verdict allow;
    private final LongAdder allowed = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder undecided = new LongAdder();

    /// @param tellReasons whether callers are told the server's reasons
    Rulings(String name, UpstreamFields fields, boolean tellReasons) {
        this.name = name;
        this.fields = fields;
        this.tellReasons = tellReasons;
        this.rule = "ask " + name;
        this.allow = new Verdict.Allow(rule);
    }

    String rule() {
        return rule;
    }

    /// What may be used of a decision, and is small enough to be remembered.
    Ruling permitted(Ruling ruling) throws IOException {
        return ruling.allowed()
                ? Ruling.allow(fields.permitted(ruling.fields()))
                : Ruling.deny(ruling.status(), tellReasons ? oneLine(ruling.reason()) : null);
    }

    /// Before anything is decided: whatever becomes of it, a client cannot speak in the server's place.
    void strip(Exchange exchange) {
        if (!fields.isEmpty() && isNew(exchange)) {
            fields.strip(exchange.requestEdits());
        }
    }

    /// On the exchange's loop.
    ///
    /// @param ruling from [#permitted]
    Verdict verdict(Ruling ruling, Exchange exchange) {
        if (ruling.allowed()) {
            allowed.increment();
            if (!ruling.fields().isEmpty() && isNew(exchange)) {
                UpstreamFields.apply(exchange.requestEdits(), ruling.fields());
            }
            return allow;
        }
        denied.increment();
        return denial(ruling);
    }

    /// One that was let in before has its head at the upstream already.
    private static boolean isNew(Exchange exchange) {
        return exchange.admittedBy().isEmpty();
    }

    Verdict undecided(Refusal reason) {
        undecided.increment();
        return new Verdict.Undecided(reason, rule);
    }

    private Verdict denial(Ruling ruling) {
        String detail = ruling.reason() == null ? NOT_TOLD : ruling.reason();
        return switch (ruling.status()) {
            case 401 ->
                new Verdict.Prove(
                        refusal(401, "credential-insufficient", "Authentication required", detail),
                        rule,
                        null,
                        List.of());
            case 404 -> new Verdict.Deny(refusal(404, "not-found", "Not found", detail), rule);
            case 429 -> new Verdict.Deny(refusal(429, "too-many-requests", "Too many requests", detail), rule);
            // whatever else a server would like to answer with is not for it to say
            default -> new Verdict.Deny(refusal(403, "access-denied", "Forbidden", detail), rule);
        };
    }

    private static Refusal refusal(int status, String told, String title, String detail) {
        return Refusal.of(status, told, title, detail).because(DENIED);
    }

    private static @Nullable String oneLine(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            return null;
        }
        StringBuilder text = new StringBuilder(Math.min(reason.length(), LONGEST_REASON));
        for (int i = 0; i < reason.length() && text.length() < LONGEST_REASON; i++) {
            char c = reason.charAt(i);
            boolean plain = !Character.isISOControl(c)
                    && Character.getType(c) != Character.FORMAT
                    && Character.getType(c) != Character.LINE_SEPARATOR
                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR
                    && !Character.isSurrogate(c);
            text.append(plain ? c : ' ');
        }
        return text.toString();
    }

    void collect(MetricSink sink) {
        sink.value(Metrics.AUTHORIZER_DECISIONS, allowed.sum(), name, "allowed");
        sink.value(Metrics.AUTHORIZER_DECISIONS, denied.sum(), name, "denied");
        sink.value(Metrics.AUTHORIZER_DECISIONS, undecided.sum(), name, "undecided");
    }
}
