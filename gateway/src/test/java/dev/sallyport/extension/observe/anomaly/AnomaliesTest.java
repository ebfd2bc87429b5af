package dev.sallyport.extension.observe.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.extension.observe.signals.FakeTotals;
import dev.sallyport.extension.observe.signals.Resolution;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.source.RequestExamples;
import dev.sallyport.extension.observe.source.SourceCounts;
import dev.sallyport.extension.observe.source.Sources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How much is found of what is planted in generated traffic, and how much that is nothing. The figures of
/// these and three more seeds are in `docs/alerts.md`.
class AnomaliesTest {
    private static final int TICK_MILLIS = 10_000;
    private static final int TICKS_PER_MINUTE = 6;
    private static final String[] ROUTES = {"orders", "accounts", "search", "reports", "pictures"};
    private static final double[] PER_MINUTE = {300, 1_200, 2_500, 60, 90};
    private static final double[] MILLIS = {25, 12, 80, 400, 8};
    private static final long T0 = 1_700_000_040_000L;

    private final Random random = new Random(20_260_728);
    private final FakeTotals totals = new FakeTotals();
    private final SourceCounts counts = new SourceCounts(1);
    private final RequestExamples examples = new RequestExamples(1);
    private final Sources sources = new Sources(counts);
    private final Signals signals =
            new Signals(totals, new Resolution(Duration.ofMillis(TICK_MILLIS), 300, TICKS_PER_MINUTE, 195, 64L << 20));
    private final Anomalies anomalies = new Anomalies(signals, sources, examples);
    private long now = T0;
    private final Map<String, Double> slower = new HashMap<>();
    private final Map<String, Double> failing = new HashMap<>();
    private final Map<String, Integer> logins = new HashMap<>();

    /// Something that is planted, from minute to minute.
    private record Plant(Finding.Kind kind, String subject, int from, int to, double strength) {}

    AnomaliesTest() {
        signals.sample(now);
    }

    private int poisson(double mean) {
        if (mean > 50) {
            return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    private void tick(double hour) {
        double day = 1 + 0.5 * Math.sin(hour / 24 * 2 * Math.PI);
        // now and then everything hiccups for some seconds, as networks and garbage collectors do
        double hiccup = random.nextInt(200) == 0 ? 4 : 1;
        for (int r = 0; r < ROUTES.length; r++) {
            String route = ROUTES[r];
            int requests = poisson(PER_MINUTE[r] / TICKS_PER_MINUTE * day);
            double broken = failing.getOrDefault(route, 0.003) + (random.nextInt(400) == 0 ? 0.2 : 0);
            int failed = poisson(requests * Math.min(1, broken));
            int missing = poisson(requests * 0.02);
            int unknown = poisson(requests * 0.01) + logins.getOrDefault(route, 0);
            served(
                    route,
                    Math.max(0, requests - failed - missing),
                    MILLIS[r] * hiccup * slower.getOrDefault(route, 1.0));
            totals.served(route, 502, "upstream-reset", 0.005, failed);
            totals.served(route, 404, "", 0.005, missing);
            totals.served(route, 401, "", 0.0005, unknown);
            totals.refused(route, "token-expired", 401, unknown);
            for (int i = 0; i < unknown; i++) {
                refuse(home(), 401, route, "Bearer " + random.nextLong());
            }
            for (int i = 0; i < missing; i++) {
                refuse(home(), 404, route, "/" + random.nextInt(1_000));
            }
        }
        now += TICK_MILLIS;
        signals.sample(now);
        sources.collect(now);
        anomalies.look(Instant.ofEpochMilli(now));
    }

    private void served(String route, int count, double millis) {
        int draws = Math.min(count, 40);
        for (int i = 0; i < draws; i++) {
            double seconds = millis / 1e3 * Math.exp(0.5 * random.nextGaussian());
            totals.served(route, 200, "", seconds, count / draws + (i < count % draws ? 1 : 0));
        }
    }

    /// One of many households.
    private String home() {
        int number = random.nextInt(4_000);
        return "100.64." + (number >> 8) + "." + 7 + "#" + number;
    }

    private void refuse(String address, int status, String route, String what) {
        String literal = address.contains("#")
                ? "100." + (64 + Integer.parseInt(address.substring(address.indexOf('#') + 1)) / 256) + "."
                        + Integer.parseInt(address.substring(address.indexOf('#') + 1)) % 256 + ".7"
                : address;
        Exchanges request = Exchanges.request().client(Exchanges.address(literal));
        if (status == 404) {
            request.path(what);
        } else {
            request.header("Authorization", what);
        }
        Exchange exchange = request.ended(route, "/" + route, status);
        exchange.refused(Refusal.of(status, "r", "No", "No."));
        counts.record(exchange);
        examples.record(exchange);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private List<Plant> plants(int from, int count) {
        List<Finding.Kind> kinds = List.of(Finding.Kind.values());
        List<Plant> plants = new ArrayList<>();
        int at = from;
        for (int i = 0; i < count; i++) {
            at += 25 + random.nextInt(20);
            int length = 5 + random.nextInt(6);
            Finding.Kind kind = kinds.get(i % kinds.size());
            String route = ROUTES[random.nextInt(3)];
            String network = "198.51." + i + ".0/24";
            plants.add(
                    switch (kind) {
                        case LOGIN_SPIKE ->
                            new Plant(kind, "route " + route, at, at + length, 40 + random.nextInt(200));
                        case PASSWORD_SPRAYING -> new Plant(kind, network, at, at + length, 4 + random.nextInt(20));
                        case DISTRIBUTED_LOGINS ->
                            new Plant(kind, "gateway", at, at + length + 5, 15 + random.nextInt(40));
                        case SCANNING -> new Plant(kind, network, at, at + length, 8 + random.nextInt(50));
                        case STATUS_MIX ->
                            new Plant(kind, "route " + route, at, at + length, 0.15 + 0.5 * random.nextDouble());
                        case LATENCY -> new Plant(kind, "route " + route, at, at + length, 2 + 4 * random.nextDouble());
                    });
        }
        return plants;
    }

    /// What a planted attack does in one tick.
    private void act(Plant plant, boolean on) {
        String name = plant.subject().substring(plant.subject().indexOf(' ') + 1);
        switch (plant.kind()) {
            case LOGIN_SPIKE -> logins.put(name, on ? (int) plant.strength() / TICKS_PER_MINUTE + 1 : 0);
            case STATUS_MIX -> failing.put(name, on ? plant.strength() : 0.003);
            case LATENCY -> slower.put(name, on ? plant.strength() : 1.0);
            case PASSWORD_SPRAYING -> {
                for (int i = 0; on && i < poisson(plant.strength() / TICKS_PER_MINUTE); i++) {
                    refuse(
                            plant.subject().replace(".0/24", ".9"),
                            401,
                            "accounts",
                            basic("user" + random.nextInt(500), "Summer2026"));
                }
            }
            case DISTRIBUTED_LOGINS -> {
                for (int i = 0; on && i < poisson(plant.strength() / TICKS_PER_MINUTE * 10); i++) {
                    refuse(
                            "203." + random.nextInt(100) + "." + random.nextInt(250) + ".9",
                            401,
                            "accounts",
                            basic("user" + random.nextInt(500), "Summer2026"));
                }
            }
            case SCANNING -> {
                for (int i = 0; on && i < poisson(plant.strength() / TICKS_PER_MINUTE); i++) {
                    refuse(plant.subject().replace(".0/24", ".9"), 404, "search", "/admin/" + random.nextInt(100_000));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {20_260_728, 1})
    void findsMostOfWhatIsPlantedAndLittleElse(long seed) {
        random.setSeed(seed);
        int warmUp = 120;
        List<Plant> plants = plants(warmUp, 60);
        int minutes = plants.getLast().to() + 30;
        Map<String, Finding> all = new HashMap<>();
        for (int minute = 0; minute < minutes; minute++) {
            for (int tick = 0; tick < TICKS_PER_MINUTE; tick++) {
                for (Plant plant : plants) {
                    boolean on = minute >= plant.from() && minute < plant.to();
                    if (on || minute == plant.to()) {
                        act(plant, on);
                    }
                }
                tick(minute / 60.0);
            }
            for (Finding finding : anomalies.findings()) {
                all.put(finding.kind() + finding.subject() + finding.since(), finding);
            }
        }
        List<Plant> missed = new ArrayList<>(plants);
        List<Finding> wrong = new ArrayList<>();
        for (Finding finding : all.values()) {
            int minute = (int) ((finding.since().toEpochMilli() - T0) / 60_000);
            List<Plant> under = plants.stream()
                    .filter(plant -> minute >= plant.from() && minute <= plant.to() + 11)
                    .filter(plant -> explains(plant, finding))
                    .toList();
            missed.removeAll(under);
            if (under.isEmpty()) {
                wrong.add(finding);
            }
        }
        double recall = 1 - (double) missed.size() / plants.size();
        double precision = 1 - (double) wrong.size() / all.size();
        System.out.printf(
                Locale.ROOT,
                "anomalies: precision %.3f recall %.3f, %d findings of %d planted in %d minutes%n",
                precision,
                recall,
                all.size(),
                plants.size(),
                minutes);
        assertThat(recall).as("missed %s", missed).isGreaterThanOrEqualTo(0.9);
        assertThat(precision).as("wrong %s", wrong).isGreaterThanOrEqualTo(0.9);
    }

    /// What was planted may show as another kind too: a spike of failed log-ins is also another mix of answers, and
    /// as it
    /// comes from all households, one of many networks.
    private static boolean explains(Plant plant, Finding finding) {
        if (plant.kind() == finding.kind()) {
            return plant.subject().equals(finding.subject());
        }
        if (plant.kind() != Finding.Kind.LOGIN_SPIKE) {
            return false;
        }
        return finding.kind() == Finding.Kind.DISTRIBUTED_LOGINS
                || (finding.kind() == Finding.Kind.STATUS_MIX && plant.subject().equals(finding.subject()));
    }

    @Test
    void aQuietDayHasNoFindings() {
        for (int minute = 0; minute < 24 * 60; minute++) {
            for (int tick = 0; tick < TICKS_PER_MINUTE; tick++) {
                tick(minute / 60.0);
            }
            assertThat(anomalies.findings()).as("minute %d", minute).isEmpty();
        }
    }

    @Test
    void aFindingSaysWhatSinceWhenHowFarAndWhichRequests() {
        for (int minute = 0; minute < 60; minute++) {
            for (int tick = 0; tick < TICKS_PER_MINUTE; tick++) {
                tick(minute / 60.0);
            }
        }
        logins.put("orders", 50);
        Instant begun = Instant.ofEpochMilli(now);
        for (int tick = 0; tick < 3 * TICKS_PER_MINUTE; tick++) {
            tick(1);
        }
        Finding finding = anomalies.findings().stream()
                .filter(one -> one.kind() == Finding.Kind.LOGIN_SPIKE)
                .findFirst()
                .orElseThrow();
        assertThat(finding.subject()).isEqualTo("route orders");
        assertThat(finding.since()).isBetween(begun, begun.plusSeconds(90));
        assertThat(finding.text()).matches("\\d+ failed authentications in a minute, usually \\d+: \\d+ spreads away");
        assertThat(finding.distance()).isGreaterThan(1);
        assertThat(finding.requests()).containsExactly("0123456789abcdeffedcba9876543210");
        logins.clear();
        // ten minutes are looked back on, and then three to see that it is over
        for (int tick = 0; tick < 15 * TICKS_PER_MINUTE; tick++) {
            tick(1);
        }
        assertThat(anomalies.findings()).isEmpty();
    }

    @Test
    void LG_05_lookingAtManyBusyRoutesTakesLittleTime() {
        int minutes = 190;
        for (int tick = 0; tick < minutes * TICKS_PER_MINUTE; tick++) {
            for (int r = 0; r < 200; r++) {
                totals.served("route" + r, 200, "", 0.02 + r / 1e4, 10);
                totals.served("route" + r, 404, "", 0.005, 1);
            }
            now += TICK_MILLIS;
            signals.sample(now);
        }
        long begun = System.nanoTime();
        anomalies.look(Instant.ofEpochMilli(now));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf("anomalies: looking at 200 busy routes took %d ms%n", took.toMillis());
        assertThat(anomalies.findings()).isEmpty();
        assertThat(took).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void nothingIsFoundBeforeEnoughWasSeen() {
        slower.put("orders", 5.0);
        failing.put("accounts", 0.6);
        logins.put("search", 100);
        for (int tick = 0; tick < 25 * TICKS_PER_MINUTE; tick++) {
            tick(0);
        }
        assertThat(anomalies.findings()).isEmpty();
    }
}
