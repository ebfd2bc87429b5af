package dev.sallyport.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.loop.Worker;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whom the gateway itself gives up, on a clock that the test moves.
class LoopLoadTest {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    private static final List<Priority> ALL = List.of(Priority.values());

    private final GatewayLoad whole = new GatewayLoad();
    private final LoopLoad load = whole.watch(new Worker(0, new EmbeddedChannel().eventLoop()));
    private long now = 1;
    private int number;

    LoopLoadTest() {
        whole.use(new OverloadSettings(1000, Long.MAX_VALUE, 900));
    }

    private Exchange exchange(@Nullable Principal caller, String address) {
        CanonicalRequest request = new CanonicalRequest(
                Method.GET,
                "http",
                new Authority("gateway.test", -1),
                "/",
                0,
                null,
                Headers.EMPTY,
                HttpVersion.HTTP_1_1);
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), "public", null, null);
        number++;
        Exchange.Origin origin = new Exchange.Origin(
                InetAddress.ofLiteral(address), new TraceContext(1, 1, 1, 0, false), number, number, now, 0);
        Exchange exchange = new Exchange(request, connection, Runnable::run, 0, origin);
        if (caller != null) {
            exchange.authenticated(caller);
        }
        return exchange;
    }

    private Exchange stranger() {
        return exchange(null, "192.0.2.7");
    }

    private Exchange known(String name) {
        return exchange(new Principal(name, "staff", Set.of()), "192.0.2.7");
    }

    /// Lets so many periods pass.
    private void periods(int count) {
        for (int i = 0; i < count; i++) {
            now += PERIOD;
            load.began(now);
            load.ended();
        }
    }

    private boolean passes(Exchange exchange, Priority priority) {
        return load.early(exchange, priority) == null && load.late(exchange, priority) == null;
    }

    @Test
    void refusesNobodyWhileThereIsEnough() {
        whole.memory(900);
        periods(100);
        assertThat(ALL).allMatch(priority -> passes(stranger(), priority));
    }

    @Test
    void DO_15_underMemoryPressureLowPriorityGoesFirstAndCriticalCallersNever() {
        whole.memory(1000);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            for (Priority priority : ALL) {
                for (boolean known : new boolean[] {false, true}) {
                    String who = priority + (known ? " known" : " stranger");
                    Exchange exchange = known ? known("anna") : stranger();
                    if (load.late(exchange, priority) != null && !order.contains(who)) {
                        order.add(who);
                    }
                }
            }
            periods(1);
        }
        assertThat(order)
                .containsExactly(
                        "LOW stranger",
                        "LOW known",
                        "NORMAL stranger",
                        "NORMAL known",
                        "HIGH stranger",
                        "HIGH known",
                        "CRITICAL stranger");
    }

    @Test
    void whatCannotPassInTheEndIsRefusedBeforeAnybodyAsksWhoItIs() {
        whole.memory(1000);
        periods(400);
        assertThat(load.early(stranger(), Priority.LOW)).isNotNull();
        assertThat(load.early(stranger(), Priority.HIGH)).isNotNull();
        assertThat(load.early(stranger(), Priority.CRITICAL)).isNull();
        assertThat(load.late(stranger(), Priority.CRITICAL)).isNotNull();
    }

    @Test
    void climbsFasterTheMoreThereIsAndComesDownSlowly() {
        assertThat(LoopLoad.next(0, 1.01, 1)).isBetween(16, 20);
        assertThat(LoopLoad.next(0, 2, 1)).isEqualTo(64);
        assertThat(LoopLoad.next(0, 100, 1)).isEqualTo(64);
        assertThat(LoopLoad.next(100, 0.5, 1)).isEqualTo(92);
        assertThat(LoopLoad.next(100, 0.5, 5)).isEqualTo(60);
        assertThat(LoopLoad.next(100, 0.5, Long.MAX_VALUE)).isZero();
    }

    @Test
    void RL_12_doesNotFlapBetweenTheMarks() {
        assertThat(LoopLoad.next(100, 0.9, 1)).isEqualTo(100);
        assertThat(LoopLoad.next(100, 1, 50)).isEqualTo(100);
        assertThat(LoopLoad.next(100, 0.8, 1)).isEqualTo(100);
    }

    @Test
    void everythingIsAsBeforeSomeTimeAfterThePressure() {
        whole.memory(1000);
        periods(400);
        assertThat(passes(stranger(), Priority.NORMAL)).isFalse();
        whole.memory(500);
        // nobody asked anything for a minute
        now += TimeUnit.MINUTES.toNanos(1);
        periods(1);
        assertThat(ALL).allMatch(priority -> passes(stranger(), priority));
    }

    @Test
    void RL_12_ofTheRankThatIsReachedCallersGetEqualParts() {
        whole.memory(901);
        while (load.threshold() < 6 * 64 + 32) {
            periods(1);
        }
        assertThat(load.threshold()).isEqualTo(6 * 64 + 32);
        // it stays from here on
        whole.memory(850);
        int[] passed = new int[3];
        int[] sent = {200, 40, 5};
        for (int period = 0; period < 20; period++) {
            for (int caller = 0; caller < 3; caller++) {
                for (int i = 0; i < sent[caller]; i++) {
                    passed[caller] += load.late(known("caller-" + caller), Priority.NORMAL) == null ? 1 : 0;
                }
            }
            periods(1);
        }
        assertThat(passed[2]).isEqualTo(100);
        assertThat(passed[1]).isGreaterThan(20 * 35);
        assertThat(passed[0]).isLessThan(20 * 200 * 2 / 3);
    }

    @Test
    void aLoopThatHasMoreRequestsThanTheWholeMayHaveRefuses() {
        for (int i = 0; i < 1001; i++) {
            load.began(now);
        }
        Exchange refused = known("anna");
        assertThat(load.early(refused, Priority.HIGH)).isNotNull();
        assertThat(refused.overloadedBy()).isEqualTo("requests");
        assertThat(load.early(known("anna"), Priority.CRITICAL)).isNull();
        load.ended();
        assertThat(load.early(known("anna"), Priority.HIGH)).isNull();
    }

    @Test
    void tellsAllTheSameAndToComeBackAtDifferentTimes() {
        whole.memory(1000);
        periods(100);
        Set<String> waits = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            Exchange exchange = stranger();
            Refusal refusal = Objects.requireNonNull(load.early(exchange, Priority.LOW));
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.code()).isEqualTo("gateway-overloaded");
            assertThat(refusal.told()).isEqualTo("overloaded");
            assertThat(exchange.overloadedBy()).isEqualTo("memory");
            waits.add(refusal.headers().value(0));
        }
        assertThat(waits).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    @Test
    void RL_07_aFloodOfRefusalsHasFewLines() {
        whole.memory(1000);
        periods(100);
        int lines = 0;
        for (int i = 0; i < 1000; i++) {
            Exchange exchange = stranger();
            load.early(exchange, Priority.LOW);
            lines += exchange.leftOut() ? 0 : 1;
        }
        assertThat(lines).isEqualTo(10);
    }

    @Test
    void connectionsAreShedBeforeTheyAreRefused() {
        whole.memory(900);
        assertThat(whole.shedsConnections()).isFalse();
        whole.memory(901);
        assertThat(whole.shedsConnections()).isTrue();
        assertThat(whole.refusesConnections()).isFalse();
        whole.memory(951);
        assertThat(whole.refusesConnections()).isTrue();
    }
}
