package dev.sallyport.extension.observe.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.extension.observe.anomaly.Anomalies;
import dev.sallyport.extension.observe.signals.FakeTotals;
import dev.sallyport.extension.observe.signals.Resolution;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.source.RequestExamples;
import dev.sallyport.extension.observe.source.SourceCounts;
import dev.sallyport.extension.observe.source.Sources;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private static final long T0 = 1_700_000_040_000L;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final FakeTotals totals = new FakeTotals();
    private final SourceCounts counts = new SourceCounts(1);
    private final Signals signals = new Signals(totals, Resolution.USUAL);
    private final List<Notification> told = new ArrayList<>();
    private final Sources sources = new Sources(counts);
    private final Alerts alerts = new Alerts(
            signals, sources, new Anomalies(signals, sources, new RequestExamples(1)), EventLog.SILENT, told::add);
    private long now = T0;

    AlertsTest() {
        signals.sample(now);
    }

    private void watch(AlertRule... rules) {
        alerts.rules(List.of(rules), instant());
    }

    private Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    /// Two seconds go by.
    private void tick() {
        now += 2_000;
        signals.sample(now);
        alerts.evaluate(instant());
    }

    private void seconds(int seconds, Runnable each) {
        for (int i = 0; i < seconds; i += 2) {
            each.run();
            tick();
        }
    }

    private static AlertRule rule(AlertSignal signal, Threshold threshold, Duration hold, Grouping by, long least) {
        return new AlertRule("rule", signal, 0.99, threshold, MINUTE, hold, by, Severity.WARNING, least, HOUR, false);
    }

    private void served(String route, double seconds, long count) {
        totals.served(route, 200, "", seconds, count);
    }

    private void failed(String route, long count) {
        totals.served(route, 502, "upstream-connect-failed", 0.01, count);
    }

    private Alert only() {
        assertThat(alerts.all()).hasSize(1);
        return alerts.all().getFirst();
    }

    // ---- latency

    @Test
    void aSlowRouteIsPendingThenFiresThenIsOver() {
        watch(rule(
                AlertSignal.LATENCY,
                new Threshold.Longer(Duration.ofMillis(500)),
                Duration.ofMinutes(2),
                Grouping.ROUTE,
                20));
        seconds(60, () -> served("orders", 0.02, 10));
        assertThat(alerts.all()).isEmpty();
        seconds(60, () -> served("orders", 2, 10));
        assertThat(only().state()).isEqualTo(Alert.State.PENDING);
        assertThat(told).isEmpty();
        seconds(66, () -> served("orders", 2, 10));
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        assertThat(only().sentence()).startsWith("route orders: 99 % of 300 answers in the last 1 min took up to 2.4");
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().status()).isEqualTo(Notification.Status.FIRING);
        seconds(240, () -> served("orders", 0.02, 10));
        assertThat(only().state()).isEqualTo(Alert.State.RESOLVED);
        assertThat(told).hasSize(2);
        assertThat(told.getLast().status()).isEqualTo(Notification.Status.RESOLVED);
    }

    @Test
    void whatIsOverBeforeItHeldLongEnoughIsToldToNobody() {
        watch(rule(AlertSignal.ERRORS, new Threshold.Share(0.05), Duration.ofMinutes(5), Grouping.ROUTE, 20));
        seconds(60, () -> failed("orders", 10));
        assertThat(only().state()).isEqualTo(Alert.State.PENDING);
        seconds(120, () -> served("orders", 0.01, 10));
        assertThat(alerts.all()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void failuresAreNoSlowAnswers() {
        watch(rule(
                AlertSignal.LATENCY, new Threshold.Longer(Duration.ofMillis(500)), Duration.ZERO, Grouping.ROUTE, 20));
        seconds(60, () -> totals.served("orders", 504, "upstream-response-timeout", 10, 10));
        assertThat(alerts.all()).isEmpty();
    }

    // ---- low traffic

    @Test
    void lowTrafficNeverFires() {
        watch(rule(AlertSignal.ERRORS, new Threshold.Share(0.05), Duration.ZERO, Grouping.ROUTE, 20));
        failed("orders", 1);
        seconds(120, () -> {});
        failed("orders", 19);
        seconds(120, () -> {});
        assertThat(alerts.all()).isEmpty();
        failed("orders", 20);
        tick();
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        assertThat(only().text())
                .isEqualTo("100 % of 20 requests failed in the last 1 min (allowed: 5 %), most often"
                        + " upstream-connect-failed");
    }

    @Test
    void refusalsAndClientsWhoLeaveAreNoErrors() {
        watch(rule(AlertSignal.ERRORS, new Threshold.Share(0.05), Duration.ZERO, Grouping.ROUTE, 20));
        seconds(60, () -> {
            totals.served("orders", 401, "", 0.001, 50);
            totals.refused("orders", "token-expired", 401, 50);
            totals.served("orders", 0, "client-closed", 0.001, 50);
        });
        assertThat(alerts.all()).isEmpty();
    }

    // ---- burn rate

    private static AlertRule burning() {
        return rule(
                AlertSignal.ERRORS,
                new Threshold.Burning(0.99, Duration.ofMinutes(5), HOUR, 14.4),
                Duration.ZERO,
                Grouping.ROUTE,
                50);
    }

    @Test
    void aBurstOfFailuresDoesNotBurnTheLongWindow() {
        watch(burning());
        seconds(3_600, () -> served("orders", 0.01, 10));
        seconds(20, () -> failed("orders", 10));
        assertThat(alerts.all()).isEmpty();
    }

    @Test
    void failingOnAndOnBurnsBoth() {
        watch(burning());
        seconds(3_600, () -> served("orders", 0.01, 10));
        int fired = 0;
        for (int second = 2; second <= 1_200 && fired == 0; second += 2) {
            failed("orders", 5);
            served("orders", 0.01, 5);
            tick();
            if (!alerts.all().isEmpty()) {
                fired = second;
            }
        }
        // half of everything fails: 14.4 % of the hour is reached after 29 % of it
        assertThat(fired).isBetween(1_000, 1_100);
        assertThat(only().text())
                .contains("50 % of 1500 requests failed in the last 5 min")
                .contains("times what the objective of 99 % allows");
    }

    @Test
    void failuresLongAgoDoNotBurnTheShortWindow() {
        watch(burning());
        seconds(1_200, () -> failed("orders", 10));
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        seconds(400, () -> served("orders", 0.01, 10));
        assertThat(only().state()).isEqualTo(Alert.State.RESOLVED);
    }

    @Test
    void atTheStartAFewFailuresBurnNothing() {
        watch(burning());
        failed("orders", 9);
        served("orders", 0.01, 41);
        seconds(10, () -> {});
        assertThat(alerts.all()).isEmpty();
    }

    // ---- what is usual

    private static AlertRule flood(long least) {
        return rule(AlertSignal.TRAFFIC, new Threshold.Usual(3), MINUTE, Grouping.GATEWAY, least);
    }

    @Test
    void nothingIsUsualBeforeEnoughWasSeen() {
        watch(flood(20));
        seconds(600, () -> served("orders", 0.01, 10));
        seconds(300, () -> served("orders", 0.01, 1_000));
        assertThat(alerts.all()).isEmpty();
    }

    @Test
    void afterAnHourAFloodIsSeen() {
        watch(flood(20));
        seconds(3_660, () -> served("orders", 0.01, 10));
        seconds(60, () -> served("orders", 0.01, 100));
        seconds(60, () -> served("orders", 0.01, 100));
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        assertThat(only().sentence())
                .isEqualTo(
                        "gateway: 50 requests per second in the last 1 min, 10 times the usual 5 (allowed: 3 times)");
    }

    @Test
    void aFloodDoesNotBecomeUsualWhileItLasts() {
        watch(flood(20));
        seconds(3_660, () -> served("orders", 0.01, 10));
        seconds(1_800, () -> served("orders", 0.01, 100));
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
    }

    @Test
    void threeTimesNextToNothingIsNothing() {
        watch(flood(20));
        seconds(3_660, () -> {});
        seconds(120, () -> served("orders", 0.01, 5));
        assertThat(alerts.all()).isEmpty();
    }

    @Test
    void theSameHourOfTheWeekIsLearnt() {
        Usual usual = new Usual();
        long hour = 3_600_000;
        long monday = 1_700_000_000_000L / hour * hour;
        for (int week = 0; week < 4; week++) {
            for (int h = 0; h < 168; h++) {
                for (int minute = 0; minute < 60; minute++) {
                    usual.learn("k", monday + (week * 168L + h) * hour + minute * 60_000L, h % 24 < 8 ? 1 : 100);
                }
            }
        }
        assertThat(usual.at("k", monday + 4 * 168 * hour + 3 * hour)).isEqualTo(1);
        assertThat(usual.at("k", monday + 4 * 168 * hour + 12 * hour)).isEqualTo(100);
        assertThat(usual.at("other", monday)).isNaN();
    }

    @Test
    void anHourSeenThriceOnOtherDaysIsEnoughUntilTheWeekIsKnown() {
        Usual usual = new Usual();
        long hour = 3_600_000;
        long begin = 1_700_000_000_000L / hour * hour;
        for (int h = 0; h < 3 * 24 + 1; h++) {
            for (int minute = 0; minute < 60; minute++) {
                usual.learn("k", begin + h * hour + minute * 60_000L, 10);
            }
        }
        assertThat(usual.at("k", begin + 3 * 24 * hour)).isEqualTo(10);
        assertThat(usual.at("k", begin + (3 * 24 + 5) * hour)).isEqualTo(10);
    }

    // ---- saturation, lag, logs

    @Test
    void saturationTellsWhatIsFull() {
        watch(rule(AlertSignal.SATURATION, new Threshold.Share(0.85), Duration.ofSeconds(30), Grouping.GATEWAY, 0));
        totals.level(Metrics.PROCESS_MAX_FILES, 1_000);
        totals.level(Metrics.JVM_MEMORY_LIMIT, 100 << 20, "heap");
        totals.level(Metrics.JVM_MEMORY_USED, 99 << 20, "heap"); // garbage counts for nothing
        totals.level(Metrics.JVM_MEMORY_KEPT, 20 << 20, "old");
        seconds(60, () -> totals.level(Metrics.PROCESS_OPEN_FILES, 100));
        assertThat(alerts.all()).isEmpty();
        seconds(40, () -> totals.level(Metrics.PROCESS_OPEN_FILES, 920));
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        assertThat(only().text()).isEqualTo("920 of 1000 file descriptors are open: 92 % (allowed: 85 %)");
        totals.level(Metrics.PROCESS_OPEN_FILES, 10);
        totals.level(Metrics.JVM_MEMORY_KEPT, 90 << 20, "old");
        seconds(90, () -> {});
        assertThat(only().text()).startsWith("90 of 100 MiB of memory are in use after collecting garbage: 90 %");
    }

    @Test
    void lostLogLinesAreTold() {
        watch(rule(AlertSignal.LOG_LOSS, new Threshold.Rate(1, MINUTE), Duration.ZERO, Grouping.GATEWAY, 0));
        totals.add(Metrics.ACCESS_LOG_DROPPED, 5, "full");
        totals.add(Metrics.ACCESS_LOG_WRITE_ERRORS, 2);
        tick();
        tick();
        assertThat(only().text()).isEqualTo("7 log lines lost or not written in the last 1 min (allowed: 1/min)");
    }

    @Test
    void linesThatNoCollectorTakesAreLostToo() {
        watch(rule(AlertSignal.LOG_LOSS, new Threshold.Rate(1, MINUTE), Duration.ZERO, Grouping.GATEWAY, 0));
        totals.add(Metrics.OTLP_DROPPED, 100, "traces", "undelivered");
        totals.add(Metrics.OTLP_DROPPED, 4, "logs", "undelivered");
        totals.add(Metrics.OTLP_FAILURES, 3, "logs");
        tick();
        tick();
        assertThat(only().text()).isEqualTo("7 log lines lost or not written in the last 1 min (allowed: 1/min)");
    }

    @Test
    void aFillingDiskOfTheAccessLogIsTold() {
        watch(rule(AlertSignal.LOG_DISK, new Threshold.Share(0.9), MINUTE, Grouping.GATEWAY, 0));
        totals.level(Metrics.ACCESS_LOG_DISK_USED, 0.2, "file");
        totals.level(Metrics.ACCESS_LOG_DISK_USED, 0.85, "file-2");
        seconds(180, () -> {});
        assertThat(alerts.all()).isEmpty();
        totals.level(Metrics.ACCESS_LOG_DISK_USED, 0.934, "file-2");
        seconds(70, () -> {});
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        assertThat(only().text()).isEqualTo("the disk of the access log is filling: 93.4 % (allowed: 90 %)");
    }

    // ---- sources

    private void refused(String address, int status, int times) {
        for (int i = 0; i < times; i++) {
            Exchange exchange =
                    Exchanges.request().client(Exchanges.address(address)).ended("orders", "/orders", status);
            exchange.refused(Refusal.of(status, "r", "No", "No."));
            counts.record(exchange);
        }
    }

    private static AlertRule bruteForce() {
        return rule(
                AlertSignal.FAILED_AUTHENTICATION,
                new Threshold.Rate(20, MINUTE),
                Duration.ZERO,
                Grouping.CLIENT_NETWORK,
                0);
    }

    @Test
    void bruteForceIsToldByNetworkAndNamesARequest() {
        watch(bruteForce());
        refused("203.0.113.7", 401, 25);
        refused("198.51.100.7", 401, 20);
        seconds(8, () -> {});
        assertThat(only().sentence())
                .isEqualTo("203.0.113.0/24: 25 failed authentications in the last 1 min (allowed: 20/min)");
        assertThat(only().request()).isEqualTo("0123456789abcdeffedcba9876543210");
        assertThat(only().times()).isEqualTo(1.25);
        seconds(80, () -> {});
        assertThat(only().state()).isEqualTo(Alert.State.RESOLVED);
    }

    @Test
    void manySourcesAreToldTogetherOnceAndBounded() {
        watch(bruteForce());
        for (int i = 0; i < 250; i++) {
            refused("10.0." + i + ".1", 401, 21);
        }
        seconds(20, () -> {});
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().alerts()).hasSize(200);
        assertThat(told.getFirst().headline()).isEqualTo("rule (warning) is firing: 10.0.0.0/24 and 199 more");
    }

    // ---- being told

    private void failing(int seconds) {
        seconds(seconds, () -> failed("orders", 50));
    }

    private static AlertRule errors() {
        return rule(AlertSignal.ERRORS, new Threshold.Share(0.05), Duration.ZERO, Grouping.ROUTE, 20);
    }

    @Test
    void theSameTroubleIsToldOnceThenEveryFourHours() {
        watch(errors());
        failing(3_600);
        assertThat(told).hasSize(1);
        failing(3 * 3_600);
        assertThat(told).hasSize(1);
        failing(60);
        assertThat(told).hasSize(2);
    }

    @Test
    void moreOfTheSameWithinHalfAMinuteIsToldTogether() {
        watch(errors());
        failing(4);
        assertThat(told).hasSize(1);
        seconds(10, () -> {
            failed("orders", 50);
            failed("bills", 50);
            failed("cards", 50);
        });
        assertThat(told).hasSize(1);
        seconds(30, () -> {
            failed("orders", 50);
            failed("bills", 50);
            failed("cards", 50);
        });
        assertThat(told).hasSize(2);
        assertThat(told.getLast().alerts())
                .extracting(Alert::group)
                .containsExactlyInAnyOrder("route bills", "route cards");
    }

    @Test
    void whatIsSilencedIsListedButNotToldUntilTheSilenceEnds() {
        watch(errors());
        alerts.silence("rule", instant().plus(Duration.ofMinutes(5)));
        failing(120);
        assertThat(told).isEmpty();
        assertThat(only().state()).isEqualTo(Alert.State.FIRING);
        assertThat(only().silencedUntil()).isNotNull();
        failing(200);
        assertThat(told).hasSize(1);
        assertThat(alerts.silences()).isEmpty();
    }

    @Test
    void oneGroupCanBeSilencedAlone() {
        watch(errors());
        alerts.silence("rule/route orders", instant().plus(HOUR));
        seconds(60, () -> {
            failed("orders", 50);
            failed("bills", 50);
        });
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().alerts()).extracting(Alert::group).containsExactly("route bills");
        assertThat(alerts.unsilence("rule/route orders")).isTrue();
        assertThat(alerts.unsilence("rule/route orders")).isFalse();
        failing(4);
        assertThat(told).hasSize(2);
    }

    @Test
    void aRuleThatIsTakenAwayEndsItsAlerts() {
        watch(errors());
        failing(10);
        watch();
        tick();
        assertThat(only().state()).isEqualTo(Alert.State.RESOLVED);
        assertThat(told.getLast().status()).isEqualTo(Notification.Status.RESOLVED);
    }

    @Test
    void aRuleThatStaysTheSameKeepsItsAlerts() {
        watch(errors());
        failing(10);
        watch(errors());
        failing(10);
        assertThat(told).hasSize(1);
    }

    @Test
    void metricsCountByNameAndState() {
        watch(errors());
        failing(10);
        List<String> stated = new ArrayList<>();
        alerts.collect((metric, value, labels) -> stated.add(metric.name() + List.of(labels) + "=" + value));
        assertThat(stated).contains("sallyport.alerts[rule, firing]=1.0", "sallyport.alerts[rule, pending]=0.0");
    }

    @Test
    void presetRulesStaySilentInAQuietAndInABusyGateway() {
        alerts.rules(PresetRules.all(), instant());
        seconds(600, () -> {});
        seconds(4_000, () -> {
            served("orders", 0.05, 200);
            failed("orders", 1);
            totals.served("orders", 401, "", 0.001, 5);
            totals.refused("orders", "token-expired", 401, 5);
            totals.asked("backend", 200, "", 0.04, 200);
            totals.level(Metrics.JVM_MEMORY_USED, 490 << 20, "heap");
            totals.level(Metrics.JVM_MEMORY_LIMIT, 512 << 20, "heap");
            totals.level(Metrics.JVM_MEMORY_KEPT, 60 << 20, "old");
        });
        assertThat(alerts.all()).isEmpty();
    }
}
