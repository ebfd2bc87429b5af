package dev.sallyport.extension.observe.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final long T0 = 1_700_000_040_000L; // the begin of a minute
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeTotals totals = new FakeTotals();
    private final Signals signals = new Signals(totals, Resolution.USUAL);
    private long now = T0;

    SignalsTest() {
        signals.sample(now);
    }

    private void tick() {
        now += 2_000;
        signals.sample(now);
    }

    private Window minute(Scope scope) {
        return signals.last(scope, MINUTE);
    }

    @Test
    void tellsTrafficErrorsAndLatencyApart() {
        totals.served("orders", 200, "", 0.003, 90);
        totals.served("orders", 502, "upstream-connect-failed", 1.2, 5);
        totals.served("orders", 503, "503", 0.003, 2);
        totals.served("orders", 503, "authenticator-unavailable", 0.003, 3);
        totals.served("orders", 0, "client-closed", 0.003, 4);
        totals.served("orders", 401, "", 0.0001, 6);
        totals.refused("orders", "token-expired", 401, 6);
        totals.served("orders", 429, "", 0.0001, 7);
        totals.refused("orders", "limited", 429, 7);
        totals.served("orders", 404, "", 0.0001, 1);
        totals.body("orders", 1_000, 50_000);
        tick();
        Window window = minute(Scope.route("orders"));
        assertThat(window.seconds()).isEqualTo(2);
        assertThat(window.requests()).isEqualTo(118);
        assertThat(window.perSecond(Figure.REQUESTS)).isEqualTo(59);
        assertThat(window.get(Figure.FAILED_UPSTREAM)).isEqualTo(7);
        assertThat(window.get(Figure.FAILED_GATEWAY)).isEqualTo(3);
        assertThat(window.failed()).isEqualTo(10);
        assertThat(window.get(Figure.ABANDONED)).isEqualTo(4);
        assertThat(window.get(Figure.UNAUTHENTICATED)).isEqualTo(6);
        assertThat(window.get(Figure.LIMITED)).isEqualTo(7);
        assertThat(window.refused()).isEqualTo(13);
        assertThat(window.get(Figure.CLIENT_ERRORS)).isEqualTo(14);
        assertThat(window.served().count()).isEqualTo(90);
        assertThat(window.served().quantile(0.99)).isBetween(0.0025, 0.005);
        assertThat(window.failures().quantile(0.5)).isBetween(0.0025, 0.005);
        assertThat(window.failures().quantile(0.9)).isBetween(1.0, 2.5);
        assertThat(window.meanServed()).isCloseTo(0.003, within(1e-9));
        assertThat(window.get(Figure.REQUEST_OCTETS)).isEqualTo(1_000);
        assertThat(window.get(Figure.RESPONSE_OCTETS)).isEqualTo(50_000);
        assertThat(window.failureReasons())
                .containsEntry("upstream-connect-failed", 5L)
                .containsEntry("client-closed", 4L)
                .hasSize(4);
        assertThat(window.refusalReasons())
                .containsEntry("token-expired", 6L)
                .containsEntry("limited", 7L)
                .hasSize(2);
        assertThat(window.statuses()).containsEntry("200", 90L).containsEntry("404", 1L);
        assertThat(minute(Scope.GATEWAY).requests()).isEqualTo(118);
        assertThat(minute(Scope.GATEWAY).refusalReasons()).isEqualTo(window.refusalReasons());
    }

    @Test
    void requestsWithoutRouteCountOfTheGatewayOnly() {
        totals.served("", 404, "", 0.0001, 3);
        totals.refused("", "route-unknown", 404, 3);
        tick();
        assertThat(signals.scopes()).containsExactly(Scope.GATEWAY);
        assertThat(minute(Scope.GATEWAY).get(Figure.REFUSED_OTHERWISE)).isEqualTo(3);
    }

    @Test
    void upstreamsAndListenersHaveTheirOwnFigures() {
        totals.asked("backend", 200, "", 0.02, 10);
        totals.asked("backend", 500, "", 0.02, 1);
        totals.asked("backend", 0, "upstream-reset", 0.02, 2);
        totals.add(Metrics.UPSTREAM_ATTEMPTS, 15, "backend");
        totals.add(Metrics.UPSTREAM_CONNECT_FAILURES, 1, "backend", "a:1");
        totals.add(Metrics.UPSTREAM_CONNECT_FAILURES, 2, "backend", "b:1");
        totals.level(Metrics.UPSTREAM_IN_FLIGHT, 3, "backend", "a:1");
        totals.level(Metrics.UPSTREAM_IN_FLIGHT, 4, "backend", "b:1");
        totals.level(Metrics.UPSTREAM_CONNECTIONS, 9, "backend", "a:1", "open");
        totals.level(Metrics.UPSTREAM_CONNECTIONS, 2, "backend", "a:1", "idle");
        totals.add(Metrics.REQUESTS, 8, "public", "1.1");
        totals.add(Metrics.REQUESTS, 5, "public", "2");
        totals.add(Metrics.CONNECTIONS_REFUSED, 1, "public", "handshakes");
        totals.level(Metrics.CONNECTIONS, 4, "public");
        totals.level(Metrics.TLS_HANDSHAKES_OPEN, 2, "public");
        tick();
        Window upstream = minute(Scope.upstream("backend"));
        assertThat(upstream.requests()).isEqualTo(13);
        assertThat(upstream.failed()).isEqualTo(3);
        assertThat(upstream.failureReasons()).containsEntry("500", 1L).containsEntry("upstream-reset", 2L);
        assertThat(upstream.get(Figure.ATTEMPTS)).isEqualTo(15);
        assertThat(upstream.get(Figure.CONNECT_FAILURES)).isEqualTo(3);
        assertThat(upstream.get(Figure.IN_FLIGHT)).isEqualTo(7);
        assertThat(upstream.get(Figure.CONNECTIONS)).isEqualTo(9);
        assertThat(upstream.get(Figure.CONNECTIONS_IDLE)).isEqualTo(2);
        Window listener = minute(Scope.listener("public"));
        assertThat(listener.requests()).isEqualTo(13);
        assertThat(listener.get(Figure.CONNECTIONS)).isEqualTo(4);
        assertThat(listener.get(Figure.HANDSHAKES_OPEN)).isEqualTo(2);
        assertThat(listener.get(Figure.CONNECTIONS_REFUSED)).isEqualTo(1);
        assertThat(minute(Scope.GATEWAY).get(Figure.CONNECTIONS)).isEqualTo(4);
    }

    @Test
    void levelsKeepTheirPeak() {
        for (int lag : new int[] {1, 250, 3}) {
            totals.level(Metrics.LOOP_LAG, lag / 1e3, "0");
            totals.level(Metrics.LOOP_LAG, 0.0, "1");
            totals.level(Metrics.SERVER_ACTIVE, lag);
            tick();
        }
        assertThat(minute(Scope.GATEWAY).get(Figure.LOOP_LAG_MICROS)).isEqualTo(250_000);
        assertThat(minute(Scope.GATEWAY).get(Figure.IN_FLIGHT)).isEqualTo(250);
        assertThat(signals.last(Scope.GATEWAY, Duration.ofSeconds(2)).get(Figure.IN_FLIGHT))
                .isEqualTo(3);
    }

    @Test
    void aLagBetweenTwoSamplesIsSeenByTheMaximum() {
        totals.add(Metrics.LOOP_LAG_MAX, 0.010, "0");
        tick();
        tick();
        assertThat(signals.last(Scope.GATEWAY, Duration.ofSeconds(2)).get(Figure.LOOP_LAG_MICROS))
                .isZero();
        totals.add(Metrics.LOOP_LAG_MAX, 0.290, "0");
        tick();
        assertThat(signals.last(Scope.GATEWAY, Duration.ofSeconds(2)).get(Figure.LOOP_LAG_MICROS))
                .isEqualTo(300_000);
    }

    @Test
    void whatCameBeforeTheFirstSampleIsNotCounted() {
        FakeTotals old = new FakeTotals();
        old.served("orders", 200, "", 0.003, 1_000_000);
        Signals late = new Signals(old, Resolution.USUAL);
        late.sample(now);
        late.sample(now + 2_000);
        assertThat(late.last(Scope.GATEWAY, MINUTE).requests()).isZero();
    }

    @Test
    void totalsThatGoDownGiveNeitherNegativesNorSpikes() {
        totals.served("orders", 200, "", 0.003, 1_000);
        tick();
        totals.served("orders", 200, "", 0.003, -600); // one loop let go of what it had counted
        tick();
        assertThat(signals.last(Scope.route("orders"), Duration.ofSeconds(2)).isEmpty())
                .isTrue();
        totals.served("orders", 200, "", 0.003, 5);
        tick();
        assertThat(minute(Scope.route("orders")).requests()).isEqualTo(1_005);
    }

    @Test
    void aRouteThatComesBackWithItsOldTotalsIsNoSpike() {
        totals.served("orders", 200, "", 0.003, 1_000);
        tick();
        totals.hide("orders");
        tick();
        tick();
        totals.show("orders");
        totals.served("orders", 200, "", 0.003, 2);
        tick();
        assertThat(minute(Scope.route("orders")).requests()).isEqualTo(1_002);
        assertThat(signals.last(Scope.route("orders"), Duration.ofSeconds(2)).requests())
                .isEqualTo(2);
    }

    @Test
    void aRouteThatComesBackWithLessIsNoSpike() {
        totals.served("orders", 200, "", 0.003, 1_000);
        tick();
        totals.hide("orders");
        tick();
        totals.show("orders");
        totals.served("orders", 200, "", 0.003, -300);
        tick();
        assertThat(minute(Scope.route("orders")).requests()).isEqualTo(1_000);
    }

    @Test
    void aLateSampleIsSpreadOverTheTimeItCovers() {
        tick();
        totals.served("orders", 200, "", 0.003, 103);
        now += 10_000;
        signals.sample(now);
        List<Window> slices = signals.slices(Scope.route("orders"), now - 10_000, now, Duration.ofSeconds(2));
        assertThat(slices).extracting(Window::requests).containsExactly(20L, 21L, 20L, 21L, 21L);
    }

    @Test
    void afterALongGapNothingIsSpread() {
        tick();
        totals.served("orders", 200, "", 0.003, 10);
        now += 3_600_000;
        signals.sample(now);
        assertThat(signals.last(Scope.route("orders"), Duration.ofSeconds(2)).requests())
                .isEqualTo(10);
        assertThat(signals.last(Scope.route("orders"), Duration.ofHours(3)).requests())
                .isEqualTo(10);
    }

    @Test
    void aClockThatIsSetBackBeginsAnew() {
        totals.served("orders", 200, "", 0.003, 10);
        tick();
        now -= 3_600_000;
        tick();
        totals.served("orders", 200, "", 0.003, 7);
        tick();
        assertThat(minute(Scope.route("orders")).requests()).isEqualTo(7);
    }

    @Test
    void samplesOfOneSliceAreOne() {
        totals.served("orders", 200, "", 0.003, 10);
        tick();
        totals.served("orders", 200, "", 0.003, 4);
        signals.sample(now + 500);
        assertThat(signals.last(Scope.route("orders"), Duration.ofSeconds(2)).requests())
                .isEqualTo(14);
    }

    @Test
    void remembersTenMinutesFinelyAndThreeHoursCoarsely() {
        for (int i = 0; i < 4 * 1_800; i++) {
            totals.served("orders", 200, "", 0.003, 1);
            tick();
        }
        Scope orders = Scope.route("orders");
        assertThat(signals.last(orders, Duration.ofMinutes(10)).requests()).isEqualTo(300);
        assertThat(signals.last(orders, Duration.ofSeconds(10)).requests()).isEqualTo(5);
        Window hours = signals.last(orders, Duration.ofHours(3));
        assertThat(hours.seconds()).isEqualTo(3 * 3_600);
        assertThat(hours.requests()).isEqualTo(5_400);
        Window all = signals.last(orders, Duration.ofDays(1));
        assertThat(all.seconds()).isBetween(195 * 60.0, 197 * 60.0);
        assertThat(all.requests()).isEqualTo(Math.round(all.seconds() / 2));
        assertThat(signals.remembered().toMinutes()).isBetween(195L, 197L);
        assertThat(signals.slices(orders, now - 7_200_000, now, MINUTE))
                .hasSize(120)
                .allSatisfy(slice -> assertThat(slice.requests()).isEqualTo(30));
        assertThat(signals.slices(orders, now - 20_000, now, Duration.ofSeconds(2)))
                .hasSize(10)
                .allSatisfy(slice -> assertThat(slice.requests()).isEqualTo(1));
        // asked more finely than is remembered of that time
        assertThat(signals.slices(orders, now - 7_200_000, now, Duration.ofSeconds(2)))
                .hasSize(120);
    }

    @Test
    void everyWindowAddsUp() {
        Random random = new Random(7);
        long[] counts = new long[1_000];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(100);
            totals.served("orders", 200, "", 0.003, counts[i]);
            tick();
        }
        for (int back = 1; back <= 300; back++) {
            long expected = 0;
            for (int i = counts.length - back; i < counts.length; i++) {
                expected += counts[i];
            }
            assertThat(signals.last(Scope.route("orders"), Duration.ofSeconds(2L * back))
                            .requests())
                    .as("last %d", back)
                    .isEqualTo(expected);
        }
        for (int back = 301; back <= 1_000; back++) {
            Window window = signals.last(Scope.route("orders"), Duration.ofSeconds(2L * back));
            long expected = 0;
            for (int i = (int) ((window.from() - T0) / 2_000); i < counts.length; i++) {
                expected += counts[i];
            }
            assertThat(window.requests()).as("last %d", back).isEqualTo(expected);
            assertThat(window.seconds()).isBetween(2.0 * back, 2.0 * back + 60);
        }
    }

    @Test
    void aWindowNeverReachesBackBeforeThereWereSignals() {
        totals.served("orders", 200, "", 0.003, 10);
        tick();
        tick();
        Window window = signals.last(Scope.route("orders"), Duration.ofHours(1));
        assertThat(window.seconds()).isEqualTo(4);
        assertThat(window.perSecond(Figure.REQUESTS)).isEqualTo(2.5);
    }

    @Test
    void idleRoutesTakeNoMemory() {
        totals.served("orders", 200, "", 0.003, 10);
        tick();
        long after = signals.octets();
        for (int i = 0; i < 300; i++) {
            tick();
        }
        assertThat(signals.octets()).isLessThanOrEqualTo(after);
        for (int i = 0; i < 7_000; i++) {
            tick();
        }
        assertThat(signals.octets()).isZero();
        assertThat(signals.scopes()).isEmpty();
    }

    @Test
    void LG_05_aThousandBusyRoutesStayWithinTheirMemory() {
        Random random = new Random(1);
        for (int i = 0; i < 3 * 1_800 + 400; i++) {
            for (int route = 0; route < 1_000; route++) {
                if (i % 10 == 0 || i > 3 * 1_800) {
                    totals.served("route-" + route, 200, "", 0.001 * (1 + random.nextInt(900)), 1 + random.nextInt(50));
                    totals.served("route-" + route, 401, "", 0.0001, 1);
                    totals.refused("route-" + route, "token-expired", 401, 1);
                    totals.body("route-" + route, 1_000, 10_000);
                }
            }
            tick();
        }
        assertThat(signals.scopes()).hasSize(1_001);
        // 1,000 routes, busy all the time: 480 slices each
        assertThat(signals.octets()).isBetween(10L << 20, 40L << 20);
    }

    @Test
    void LG_05_whenMemoryDoesNotSufficeTheOldestGoesFirst() {
        Resolution tight = new Resolution(Duration.ofSeconds(2), 300, 30, 195, 60_000);
        Signals small = new Signals(totals, tight);
        for (int i = 0; i < 2_000; i++) {
            for (int route = 0; route < 20; route++) {
                totals.served("route-" + route, 200, "", 0.003, 3);
            }
            now += 2_000;
            small.sample(now);
            assertThat(small.octets()).isLessThan(tight.octets());
        }
        Window window = small.last(Scope.route("route-7"), Duration.ofHours(1));
        assertThat(window.requests()).isEqualTo(Math.round(window.seconds() / 2 * 3));
        assertThat(small.last(Scope.route("route-7"), MINUTE).requests()).isEqualTo(90);
        assertThat(window.seconds()).isLessThan(3_600);
    }

    @Test
    void anotherResolutionBeginsAnew() {
        totals.served("orders", 200, "", 0.003, 10);
        tick();
        signals.resolution(Resolution.of(Duration.ofSeconds(1)));
        assertThat(signals.scopes()).isEmpty();
        signals.resolution(Resolution.of(Duration.ofSeconds(1)));
        signals.sample(now);
        totals.served("orders", 200, "", 0.003, 2);
        signals.sample(now + 1_000);
        assertThat(minute(Scope.route("orders")).requests()).isEqualTo(2);
        assertThat(minute(Scope.route("orders")).seconds()).isEqualTo(1);
    }
}
