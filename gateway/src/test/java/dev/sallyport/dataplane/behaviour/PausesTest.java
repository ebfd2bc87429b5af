package dev.sallyport.dataplane.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.loop.Workers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Pauses of hours, so that nothing but what is tried ends them.
class PausesTest {
    private static final Workers WORKERS = Workers.start(Transport.NIO, 1);
    private static final Worker WORKER = WORKERS.all().getFirst();
    private static final long HOURS = TimeUnit.HOURS.toNanos(5);

    private final Pauses pauses = new Pauses(WORKER);
    private final List<Exchange> waiting = new ArrayList<>();

    @AfterAll
    static void stop() {
        WORKERS.close();
    }

    private static Exchange exchange() {
        InetAddress address = InetAddress.ofLiteral("203.0.113.7");
        CanonicalRequest request = new CanonicalRequest(
                Method.GET, "https", new Authority("a.test", -1), "/", 0, null, Headers.EMPTY, HttpVersion.HTTP_1_1);
        return new Exchange(
                request,
                new ClientConnection(new InetSocketAddress(address, 4711), "public", null, null),
                WORKER,
                0,
                new Exchange.Origin(address, new TraceContext(1, 2, 3, 0, false), 1, 1, 1, 0));
    }

    private static <T> T onLoop(Callable<T> task) throws Exception {
        return WORKER.loop().submit(task).get(10, TimeUnit.SECONDS);
    }

    private boolean waits(long key, int most) throws Exception {
        return onLoop(() -> {
            Exchange exchange = exchange();
            @Nullable CompletionStage<Boolean> over = pauses.begin(exchange, HOURS, key, most);
            if (over != null) {
                waiting.add(exchange);
            }
            return over != null;
        });
    }

    @Test
    void whoGoesAwayMakesRoom() throws Exception {
        assertThat(waits(1, 2)).isTrue();
        assertThat(waits(2, 2)).isTrue();
        assertThat(waits(3, 2)).isFalse();
        onLoop(() -> {
            waiting.getFirst().over();
            // once is enough, however often it is said
            waiting.getFirst().over();
            return true;
        });
        assertThat(pauses.waiting()).isEqualTo(1);
        assertThat(waits(3, 2)).isTrue();
        assertThat(waits(4, 2)).isFalse();
    }

    @Test
    void ofOneKeySixteenWait() throws Exception {
        for (int i = 0; i < 16; i++) {
            assertThat(waits(7, 1000)).isTrue();
        }
        assertThat(waits(7, 1000)).isFalse();
        assertThat(waits(8, 1000)).as("another").isTrue();
        onLoop(() -> {
            waiting.getFirst().over();
            return true;
        });
        assertThat(waits(7, 1000)).isTrue();
    }
}
