package dev.sallyport.extension.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentRefusalsTest {
    private final RecentRefusals refusals = new RecentRefusals(2);

    private static Exchange refused(int loop, String route) {
        Exchange exchange = Exchanges.request().loop(loop).ended(route, "/" + route, 403);
        exchange.refused(Refusal.of(403, "role-missing", "Forbidden", "No."));
        return exchange;
    }

    @Test
    void keepsWhatWasRefusedOrFailed() {
        refusals.record(Exchanges.request().loop(0).ended("fine", "/fine", 200));
        refusals.record(refused(0, "orders"));
        refusals.record(Exchanges.request().loop(1).ended("broken", "/broken", 502));
        List<String> lines = refusals.lines(10);
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(String.join("", lines))
                .contains("\"gateway.route\":\"orders\"", "\"gateway.reason\":\"role-missing\"", "\"broken\"")
                .doesNotContain("\"fine\"");
    }

    @Test
    void aFloodDoesNotPushAllOthersOut() {
        refusals.record(refused(0, "first"));
        for (int i = 0; i < 10_000; i++) {
            refusals.record(refused(0, "flood"));
        }
        assertThat(refusals.lines(1000)).hasSizeLessThan(40).anyMatch(line -> line.contains("\"first\""));
    }

    @Test
    void hasNoMoreThanIsAskedFor() {
        refusals.record(refused(0, "a"));
        refusals.record(refused(1, "b"));
        assertThat(refusals.lines(1)).hasSize(1);
        assertThat(refusals.lines(0)).isEmpty();
    }
}
