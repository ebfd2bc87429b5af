package dev.sallyport.extension.observe.log;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which requests have a line in the access log. Immutable; asked on event loops.
///
/// What was refused, failed or was answered with a status from 400 on always has one, and so has what a rule on trial
/// would have refused. Of the rest a part has, chosen by the random bits of the trace id (W3C Trace Context, level 2):
/// all
/// gateways choose the same requests, and of two parts the smaller is among the larger.
public final class Sampling {
    /// Every request has a line.
    public static final Sampling ALL = new Sampling(1, List.of());

    private static final int ERRORS_FROM = 400;
    private static final long RANDOM_BITS = 56;
    private static final long MASK = (1L << RANDOM_BITS) - 1;

    private final long from;
    private final Rule[] rules;

    /// A part for some requests.
    ///
    /// @param routes names of routes it is for, empty for all
    /// @param when   what has to hold, null for nothing
    /// @param part   0 to 1
    public record Rule(Set<String> routes, @Nullable Condition when, double part) {
        public Rule {
            routes = Set.copyOf(routes);
        }

        long from() {
            return Sampling.from(part);
        }
    }

    /// @param part  of requests that no rule is for, 0 to 1
    /// @param rules the first that is for a request counts
    public Sampling(double part, List<Rule> rules) {
        this.from = from(part);
        this.rules = rules.toArray(Rule[]::new);
    }

    /// The smallest number that is kept.
    private static long from(double part) {
        return Math.round((1 - part) * (1L << RANDOM_BITS));
    }

    /// Whether `exchange`, which is over, has a line.
    public boolean keeps(Exchange exchange) {
        if (from == 0 && rules.length == 0) {
            return true;
        }
        return exchange.status() >= ERRORS_FROM
                || exchange.status() == 0
                || exchange.refusal() != null
                || exchange.failure() != null
                || !exchange.shadowDeniedBy().isEmpty()
                || !exchange.shadowLimitedBy().isEmpty()
                || (exchange.trace().traceIdLow() & MASK) >= from(exchange);
    }

    private long from(Exchange exchange) {
        for (Rule rule : rules) {
            if (!rule.routes.isEmpty() && !rule.routes.contains(exchange.route())) {
                continue;
            }
            try {
                if (rule.when == null || rule.when.holds(exchange)) {
                    return rule.from();
                }
            } catch (EvaluationException e) {
                // nobody can say: rather a line too many
                return 0;
            }
        }
        return from;
    }
}
