package dev.sallyport.extension.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final Sampling NONE = new Sampling(0, List.of());

    private static Exchange exchange(String route, int status, long random) {
        return Exchanges.request()
                .trace(new TraceContext(1, random, 3, 0, false))
                .ended(route, "/", status);
    }

    private static Condition condition(String path) {
        return new Condition() {
            @Override
            public boolean holds(Exchange exchange) throws EvaluationException {
                if (path.isEmpty()) {
                    throw new EvaluationException("nobody knows");
                }
                return exchange.request().path().equals(path);
            }

            @Override
            public String text() {
                return path;
            }

            @Override
            public List<Part> parts(Exchange exchange) {
                return List.of();
            }
        };
    }

    @Test
    void keepsAboutThePartThatIsAskedFor() {
        SplittableRandom random = new SplittableRandom(7);
        Sampling sampling = new Sampling(0.01, List.of());
        int kept = 0;
        for (int i = 0; i < 200_000; i++) {
            kept += sampling.keeps(exchange("r", 200, random.nextLong())) ? 1 : 0;
        }
        assertThat(kept).isBetween(1800, 2200);
    }

    @Test
    void choosesByTheTraceAndASmallerPartIsWithinALargerOne() {
        SplittableRandom random = new SplittableRandom(8);
        Sampling small = new Sampling(0.1, List.of());
        Sampling large = new Sampling(0.3, List.of());
        for (int i = 0; i < 10_000; i++) {
            long trace = random.nextLong();
            boolean kept = small.keeps(exchange("r", 200, trace));
            assertThat(kept).isEqualTo(new Sampling(0.1, List.of()).keeps(exchange("other", 204, trace)));
            assertThat(!kept || large.keeps(exchange("r", 200, trace))).isTrue();
        }
    }

    @Test
    void keepsAllAndNone() {
        for (long trace : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x00ff_ffff_ffff_ffffL}) {
            assertThat(NONE.keeps(exchange("r", 200, trace))).isFalse();
            assertThat(new Sampling(1, List.of()).keeps(exchange("r", 200, trace)))
                    .isTrue();
        }
    }

    @Test
    void LG_06_refusalsAndFailuresAlwaysHaveALine() {
        assertThat(NONE.keeps(exchange("r", 400, 0))).isTrue();
        assertThat(NONE.keeps(exchange("r", 404, 0))).isTrue();
        assertThat(NONE.keeps(exchange("r", 500, 0))).isTrue();
        assertThat(NONE.keeps(exchange("r", 0, 0))).isTrue();
        Exchange refused = exchange("r", 302, 0);
        refused.refused(Refusal.of(403, "login-required", "Forbidden", "Log in."));
        assertThat(NONE.keeps(refused)).isTrue();
        Exchange cut = exchange("r", 200, 0);
        cut.failed(Failure.RESPONSE_TRUNCATED);
        assertThat(NONE.keeps(cut)).isTrue();
        Exchange tried = exchange("r", 200, 0);
        tried.shadowDenied("deny[0]");
        assertThat(NONE.keeps(tried)).isTrue();
        Exchange limited = exchange("r", 200, 0);
        limited.shadowLimited("per-caller");
        assertThat(NONE.keeps(limited)).isTrue();
    }

    @Test
    void theFirstRuleThatFitsCounts() {
        Sampling sampling = new Sampling(
                1,
                List.of(
                        new Sampling.Rule(Set.of("a"), condition("/x"), 1),
                        new Sampling.Rule(Set.of("a", "b"), null, 0),
                        new Sampling.Rule(Set.of(), condition("/"), 0)));
        assertThat(sampling.keeps(exchange("a", 200, 0))).isFalse();
        assertThat(sampling.keeps(exchange("b", 200, 0))).isFalse();
        assertThat(sampling.keeps(exchange("c", 200, 0))).isFalse();
        assertThat(sampling.keeps(Exchanges.request().path("/x").ended("a", "/x", 200)))
                .isTrue();
        assertThat(sampling.keeps(Exchanges.request().path("/y").ended("c", "/y", 200)))
                .isTrue();
    }

    @Test
    void whereAConditionHasNoAnswerTheLineIsWritten() {
        Sampling sampling = new Sampling(0, List.of(new Sampling.Rule(Set.of(), condition(""), 0)));
        assertThat(sampling.keeps(exchange("a", 200, 0))).isTrue();
    }
}
