package dev.sallyport.extension.observe.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchanges;
import org.junit.jupiter.api.Test;

class RequestExamplesTest {
    private final RequestExamples examples = new RequestExamples(1);

    private void ended(String route, int status) {
        examples.record(Exchanges.request().ended(route, "/", status));
    }

    @Test
    void namesARequestThatWasRefused() {
        ended("orders", 403);
        assertThat(examples.bad("orders")).containsExactly("0123456789abcdeffedcba9876543210");
        assertThat(examples.slow("orders")).isEmpty();
        assertThat(examples.bad("bills")).isEmpty();
    }

    @Test
    void whatIsServedQuicklyIsNotNoted() {
        ended("orders", 200);
        assertThat(examples.bad("orders")).isEmpty();
        assertThat(examples.slow("orders")).isEmpty();
    }

    @Test
    void LG_05_moreRoutesThanThereIsRoomForBeginItAnew() {
        for (int i = 0; i < 10_000; i++) {
            ended("route" + i, 500);
        }
        assertThat(examples.bad("route9999")).hasSize(1);
        assertThat(examples.bad("route0")).isEmpty();
    }
}
