package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What conduct changes, over real sockets, on a clock that stands until it is moved. Sources have their addresses
/// from a
/// trusted proxy, which is this test, or are addresses of this machine.
class BehaviourIT {
    private static final RecordingUpstream UPSTREAM = RecordingUpstream.start();
    private static final EvilUpstream ENDLESS = EvilUpstream.start(gateway -> {
        gateway.readHead();
        gateway.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        gateway.send("9\r\ndata: 1\n\n\r\n");
        gateway.readAll();
    });
    private static final AtomicLong NANOS = new AtomicLong(1_000_000_000_000L);
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private static TestGateway gateway;

    private static String yaml() {
        return """
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", protocols: [http/1.1, h2], trusted-proxies: [127.0.0.1] }
                  direct: { bind: "127.0.0.1:0" }
                upstreams:
                  orders: { endpoints: ["http://127.0.0.1:%d"] }
                  endless: { endpoints: ["http://127.0.0.1:%d"] }
                authenticators:
                  staff: { kind: badge }
                limits:
                  per-address: { key: client.address, rate: 8/h }
                  per-caller: { key: principal.id, rate: 8/h }
                behaviour:
                  levels:
                    trusted: { after: 24h, limit-factor: 2 }
                  accounts: { delay: 40ms }
                  siege: { at-least: 1000000 }
                routes:
                  open: { match: { path: "/open/**" }, access: public, upstream: orders }
                  limited: { match: { path: "/limited/**" }, access: public, limits: [per-address], upstream: orders }
                  caller: { match: { path: "/caller/**" }, access: { authenticate: [staff] }, limits: [per-caller], upstream: orders }
                  all: { match: { path: "/all/**" }, access: { authenticate: [staff] }, upstream: orders }
                  denied: { match: { path: "/denied/**" }, access: { authenticate: [staff], when: 'false' }, upstream: orders }
                  good: { match: { path: "/good/**" }, access: { optional: [staff], when: 'behaviour.level != "suspicious"' }, upstream: orders }
                  calm: { match: { path: "/calm/**" }, access: { optional: [staff], when: 'behaviour.score < 30.0' }, upstream: orders }
                  stream: { match: { path: /stream }, access: { authenticate: [staff] }, upstream: endless }
                """.formatted(UPSTREAM.port(), ENDLESS.port());
    }

    @BeforeAll
    static void start() {
        UPSTREAM.answerByDefault();
        gateway =
                TestGateway.of(yaml()).with(new Badges.Factory()).by(NANOS::get).start();
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        UPSTREAM.close();
        ENDLESS.close();
    }

    private static void advance(Duration by) {
        NANOS.addAndGet(by.toNanos());
    }

    /// An address that no other test has, in a network that no other test has.
    private static String address() {
        int number = ADDRESSES.incrementAndGet();
        return "203." + (number >> 8) + "." + (number & 0xff) + ".7";
    }

    private static String request(String path, String address, String... fields) {
        String start = "GET " + path + " HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: " + address + "\r\n";
        return start + String.join("\r\n", fields) + (fields.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    private static Response get(String path, String address, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(request(path, address, fields));
        }
    }

    private static String badge(String name, String id) {
        return "Authorization: Badge us " + name + " " + id;
    }

    private static String badge(String name) {
        return badge(name, name + "-1");
    }

    private static String wrong(String name) {
        return badge(name, "wrong");
    }

    /// How many of some requests in a row were served.
    private static int served(int times, String path, String address, String... fields) throws IOException {
        int served = 0;
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < times; i++) {
                int status = client.exchange(request(path, address, fields)).status();
                assertThat(status).isIn(200, 429);
                served += status == 200 ? 1 : 0;
            }
        }
        return served;
    }

    /// The lines of the access log about requests from `address` to `path`; waits for one.
    private static List<LogLine> lines(String path, String address) {
        return Eventually.present("a line about " + address, () -> {
            List<LogLine> lines = gateway.logOf(path, address);
            return lines.isEmpty() ? null : lines;
        });
    }

    /// The line of a refused request from `address` to `path`; sends more until one has a line, as those of
    /// this second may have gone to a flood of others (RL_07 below).
    private static LogLine refused(String path, String address) {
        return Eventually.present("a line about a refusal of " + address, () -> {
            try {
                get(path, address);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return gateway.logOf(path, address).stream().findFirst().orElse(null);
        });
    }

    private static void fail(int times, String address) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < times; i++) {
                assertThat(client.exchange(request("/all/x", address, wrong("nobody-" + address + i)))
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    private static void told(String event) {
        Eventually.until(event, () -> gateway.events().contains(event));
    }

    private static String pardon(String key) throws IOException {
        Response response = gateway.admin("DELETE", "/behaviour/key?key=" + key, "");
        assertThat(response.status()).isEqualTo(200);
        return response.body();
    }

    private static String show(String key) throws IOException {
        return gateway.admin("/behaviour/key?key=" + key).body();
    }

    // ---- one source

    @Test
    void AK_06_aSourceThatTriesManyAccountsIsRefusedSoonAndCheaply() throws IOException {
        String address = address();
        List<Integer> statuses = new ArrayList<>();
        Response refused;
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 30; i++) {
                statuses.add(client.exchange(request("/all/x", address, wrong("account-" + i)))
                        .status());
            }
            refused = client.exchange(request("/open/x", address));
        }
        assertThat(statuses.subList(0, 11)).containsOnly(401);
        assertThat(statuses.subList(11, 30)).containsOnly(429);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("refused-for-a-while");
        assertThat(refused.value("retry-after")).isEqualTo("300");
        assertThat(get("/open/x", address()).status()).as("others").isEqualTo(200);
    }

    @Test
    void theRouteIsNotLookedForAndTheBodyNotReadOfWhoIsHostile() throws IOException {
        String address = address();
        fail(11, address);
        assertThat(get("/no/such/route", address).status())
                .as("what exists is not told")
                .isEqualTo(429);
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /open/x HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: " + address
                    + "\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(429);
        }
    }

    @Test
    void whoIsRefusedComesBackUnderSuspicionAndOneThingMoreIsTooMuch() throws IOException {
        String address = address();
        fail(11, address);
        advance(Duration.ofSeconds(299));
        assertThat(get("/open/x", address).status()).isEqualTo(429);
        advance(Duration.ofSeconds(2));
        assertThat(get("/open/x", address).status()).isEqualTo(200);
        assertThat(show(address)).contains("\"level\": \"suspicious\"");
        fail(5, address);
        assertThat(get("/open/x", address).status()).isEqualTo(429);
    }

    @Test
    void beingRefusedIsNoSignalItself() throws IOException {
        String address = address();
        fail(11, address);
        String before = show(address);
        assertThat(served(50, "/open/x", address)).isZero();
        assertThat(show(address)).isEqualTo(before);
    }

    @Test
    void anOperatorPardons() throws IOException {
        String address = address();
        fail(11, address);
        assertThat(get("/open/x", address).status()).isEqualTo(429);
        assertThat(pardon(address)).contains("\"address\"");
        assertThat(pardon(address)).as("again").doesNotContain("\"address\"");
        assertThat(get("/open/x", address).status()).isEqualTo(200);
        assertThat(served(20, "/limited/x", address)).isEqualTo(8);
        told("event=behaviour.pardoned key=" + address);
    }

    @Test
    void aSuspiciousSourceHasAQuarterOfItsLimits() throws IOException {
        String address = address();
        assertThat(served(20, "/limited/x", address())).isEqualTo(8);
        fail(4, address);
        assertThat(served(20, "/limited/x", address)).isEqualTo(2);
    }

    @Test
    void scoresHalveInTheirTime() throws IOException {
        String address = address();
        fail(4, address);
        assertThat(show(address)).contains("\"score\": 40.0");
        advance(Duration.ofMinutes(5));
        assertThat(show(address)).contains("\"score\": 20.0").contains("\"level\": \"normal\"");
        assertThat(served(20, "/limited/x", address)).isEqualTo(8);
        advance(Duration.ofHours(2));
        assertThat(show(address)).contains("\"score\": 0.0");
    }

    @Test
    void whatDoesNotExistIsASignalAndBadRequestsAreToo() throws IOException {
        String address = address();
        for (int i = 0; i < 40; i++) {
            get("/no/" + i, address);
        }
        assertThat(show(address)).contains("\"not-found\": 40.0").contains("\"level\": \"suspicious\"");
        for (int i = 0; i < 31; i++) {
            get("/open/a;b" + i + "%2f", address);
        }
        assertThat(show(address)).contains("\"bad-request\": 62.0").contains("\"level\": \"hostile\"");
    }

    @Test
    void limitsAloneMakeNobodyHostile() throws IOException {
        String address = address();
        served(600, "/limited/x", address);
        assertThat(show(address)).contains("\"score\": 50.0").contains("\"level\": \"suspicious\"");
        assertThat(get("/open/x", address).status()).isEqualTo(200);
    }

    @Test
    void malformedRequestsCountAgainstThePeer() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (RawClient client = RawClient.connectFrom("127.0.7.9", gateway.port("direct"))) {
                assertThat(client.exchange("GET / HTTP/1.1\r\nHost: a.test\r\nBad Field: x\r\n\r\n")
                                .status())
                        .isEqualTo(400);
            }
        }
        Eventually.until("three signals", () -> {
            try {
                return show("127.0.7.9").contains("\"bad-request\": 6.0");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try (RawClient proxy = RawClient.connect(gateway.port())) {
            proxy.exchange("GET / HTTP/1.1\r\nHost: a.test\r\nBad Field: x\r\n\r\n");
        }
        assertThat(show("127.0.0.1")).as("through a proxy, who was it?").contains("\"score\": 0.0");
    }

    @Test
    void RL_01_RL_02_addressesOfOneSubscriberAreOneSource() throws IOException {
        for (int i = 0; i < 11; i++) {
            fail(1, "2001:db8:7:1::" + i);
        }
        assertThat(get("/open/x", "2001:db8:7:1:ffff::9").status()).isEqualTo(429);
        assertThat(get("/open/x", "2001:db8:7:2::1").status()).isEqualTo(200);
        String address = address();
        for (int i = 0; i < 5; i++) {
            fail(1, address);
            fail(1, "::ffff:" + address);
        }
        fail(1, address);
        assertThat(get("/open/x", address).status()).isEqualTo(429);
    }

    @Test
    void RL_01_aNetworkFullOfOffendersIsHostileItself() throws IOException {
        for (int subnet = 0; subnet < 9; subnet++) {
            for (int i = 0; i < 9; i++) {
                fail(1, "2001:db8:8:" + subnet + "::" + i);
            }
        }
        assertThat(get("/open/x", "2001:db8:8:ffff::1").status()).isEqualTo(429);
        assertThat(get("/open/x", "2001:db8:9::1").status()).isEqualTo(200);
        assertThat(pardon("2001:db8:8::/48")).contains("\"network\"");
        assertThat(get("/open/x", "2001:db8:8:ffff::1").status()).isEqualTo(200);
        for (int host = 0; host < 90; host++) {
            fail(1, "198.51.100." + host);
        }
        assertThat(get("/open/x", "198.51.100.200").status())
                .as("neighbours are not refused")
                .isEqualTo(200);
        assertThat(served(20, "/limited/x", "198.51.100.200")).isEqualTo(2);
    }

    // ---- many sources on one account

    @Test
    void AK_06_guessesFromManySourcesWaitAndTheOwnerDoesNot() throws IOException {
        int port = gateway.port("direct");
        String good = "GET /all/x HTTP/1.1\r\nHost: a.test\r\n" + badge("anna") + "\r\n\r\n";
        try (RawClient owner = RawClient.connectFrom("127.0.9.1", port)) {
            assertThat(owner.exchange(good).status()).isEqualTo(200);
        }
        double waited = waited();
        for (int i = 10; i < 14; i++) {
            try (RawClient attacker = RawClient.connectFrom("127.0.9." + i, port)) {
                assertThat(attacker.exchange("GET /all/x HTTP/1.1\r\nHost: a.test\r\n" + wrong("anna") + "\r\n\r\n")
                                .status())
                        .isEqualTo(401);
            }
        }
        assertThat(waited()).as("the first of them").isEqualTo(waited);
        long before = System.nanoTime();
        try (RawClient attacker = RawClient.connectFrom("127.0.9.20", port)) {
            assertThat(attacker.exchange("GET /all/x HTTP/1.1\r\nHost: a.test\r\n" + wrong("anna") + "\r\n\r\n")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(53));
        assertThat(waited()).isEqualTo(waited + 1);
        try (RawClient owner = RawClient.connectFrom("127.0.9.1", port)) {
            assertThat(owner.exchange(good).status())
                    .as("from where it did well")
                    .isEqualTo(200);
        }
        assertThat(waited()).as("without waiting").isEqualTo(waited + 1);
        try (RawClient owner = RawClient.connectFrom("127.0.9.30", port)) {
            assertThat(owner.exchange(good).status()).as("from elsewhere").isEqualTo(200);
        }
        assertThat(waited()).as("after a while").isEqualTo(waited + 2);
    }

    private static double waited() throws IOException {
        return gateway.metric("sallyport_behaviour_delays_total", "waited");
    }

    @Test
    void RL_15_whatOthersTryInACallersNameIsNotItsConduct() throws IOException {
        for (int i = 0; i < 12; i++) {
            assertThat(get("/all/x", address(), wrong("vera")).status()).isEqualTo(401);
        }
        String shown = show("staff/vera");
        assertThat(shown).contains("\"kind\": \"account\"").contains("\"failed-authentication\": 120.0");
        assertThat(shown.substring(shown.indexOf("\"caller\""), shown.indexOf("\"account\"")))
                .contains("\"level\": \"normal\"")
                .contains("\"score\": 0.0");
        assertThat(get("/all/x", address(), badge("vera")).status()).isEqualTo(200);
    }

    // ---- many behind one address

    @Test
    void whoDidWellBehindAnAddressIsNotPunishedForItsNeighbours() throws IOException {
        String office = address();
        assertThat(get("/all/x", office, badge("otto")).status()).isEqualTo(200);
        fail(11, office);
        assertThat(get("/open/x", office).status()).isEqualTo(429);
        assertThat(get("/all/x", office, badge("paul")).status())
                .as("never seen there")
                .isEqualTo(429);
        assertThat(get("/all/x", office, badge("otto")).status()).isEqualTo(200);
        assertThat(get("/good/x", office, badge("otto")).status())
                .as("its own conduct counts")
                .isEqualTo(200);
        assertThat(served(20, "/caller/x", office, badge("otto"))).isEqualTo(8);
        assertThat(get("/all/x", address(), badge("otto", "otto-2")).status()).isEqualTo(200);
        assertThat(get("/all/x", office, badge("otto", "otto-2")).status())
                .as("a credential never seen there")
                .isEqualTo(429);
        assertThat(get("/all/x", office, wrong("otto")).status())
                .as("a guess at one that was")
                .isEqualTo(429);
    }

    @Test
    void behindASuspiciousAddressItIsTheCallerThatCounts() throws IOException {
        String office = address();
        assertThat(get("/all/x", office, badge("ines")).status()).isEqualTo(200);
        fail(4, office);
        assertThat(get("/good/x", office).status()).isEqualTo(401);
        assertThat(get("/good/x", office, badge("ines")).status()).isEqualTo(200);
        assertThat(get("/good/x", office, badge("ines", "ines-2")).status())
                .as("another credential of who is known from there")
                .isEqualTo(200);
        String stranger = badge("jana");
        assertThat(get("/good/x", office, stranger).status()).isEqualTo(403);
        assertThat(get("/calm/x", office, stranger).status()).isEqualTo(403);
        assertThat(get("/calm/x", office, badge("ines")).status()).isEqualTo(200);
    }

    @Test
    void aTokenThatWasRenewedOnAConnectionOfWhoDidWellIsTaken() throws IOException {
        try (RawClient client = RawClient.connectFrom("127.0.11.1", gateway.port("direct"));
                RawClient attacker = RawClient.connectFrom("127.0.11.1", gateway.port("direct"))) {
            String head = "GET /all/x HTTP/1.1\r\nHost: a.test\r\n";
            assertThat(client.exchange(head + badge("rita") + "\r\n\r\n").status())
                    .isEqualTo(200);
            for (int i = 0; i < 11; i++) {
                attacker.exchange(head + wrong("x" + i) + "\r\n\r\n");
            }
            assertThat(attacker.exchange(head + "\r\n").status()).isEqualTo(429);
            // a badge can be guessed, a token cannot: it gets as far as its authenticator
            assertThat(client.exchange(head + badge("rita", "rita-2") + "\r\n\r\n")
                            .status())
                    .isEqualTo(429);
            assertThat(client.exchange(head + "Authorization: Bearer new\r\n\r\n")
                            .status())
                    .isEqualTo(401);
            assertThat(attacker.exchange(head + "Authorization: Bearer new\r\n\r\n")
                            .status())
                    .isEqualTo(429);
        }
    }

    // ---- callers

    @Test
    void aCallerIsJudgedByWhatItDidAndNobodyElseIs() throws IOException {
        String address = address();
        for (int i = 0; i < 34; i++) {
            assertThat(get("/denied/x", address, badge("kurt")).status()).isEqualTo(403);
        }
        Response refused = get("/all/x", address(), badge("kurt", "kurt-2"));
        assertThat(refused.status()).as("wherever it is").isEqualTo(429);
        assertThat(refused.code()).isEqualTo("refused-for-a-while");
        assertThat(show("staff/kurt")).contains("\"level\": \"hostile\"").contains("\"denied\": 102.0");
        assertThat(show(address)).contains("\"score\": 0.0");
        assertThat(get("/all/x", address, badge("lena")).status()).isEqualTo(200);
        pardon("staff/kurt");
        assertThat(get("/all/x", address, badge("kurt")).status()).isEqualTo(200);
    }

    @Test
    void aSuspiciousCallerHasAQuarterAndATrustedOneTwice() throws IOException {
        String address = address();
        assertThat(get("/all/x", address, badge("fritz")).status()).isEqualTo(200);
        assertThat(get("/all/x", address, badge("gerd")).status()).isEqualTo(200);
        assertThat(served(20, "/caller/x", address, badge("gerd"))).isEqualTo(8);
        for (int i = 0; i < 11; i++) {
            get("/denied/x", address, badge("hugo"));
        }
        assertThat(served(20, "/caller/x", address, badge("hugo"))).isEqualTo(2);
        advance(Duration.ofHours(23));
        assertThat(served(20, "/caller/x", address, badge("gerd"))).isEqualTo(8);
        advance(Duration.ofHours(2));
        assertThat(served(40, "/caller/x", address, badge("gerd"))).isEqualTo(16);
        assertThat(served(40, "/limited/x", address))
                .as("and so has the network where it did well")
                .isEqualTo(16);
        get("/all/trusted", address, badge("fritz"));
        assertThat(lines("/all/trusted", address).getFirst().field("gateway.behaviour.level"))
                .isEqualTo("trusted");
        get("/denied/x", address, badge("gerd"));
        advance(Duration.ofMinutes(7));
        assertThat(served(40, "/caller/x", address, badge("gerd")))
                .as("until something speaks against it")
                .isZero();
    }

    @Test
    void anOperatorsBanIsForEverybodyThereAndEndsByItself() throws IOException {
        String address = address();
        assertThat(get("/all/x", address, badge("nina")).status()).isEqualTo(200);
        assertThat(gateway.admin("POST", "/behaviour/key?for=1h&key=" + address, "")
                        .status())
                .isEqualTo(200);
        assertThat(get("/all/x", address, badge("nina")).status()).isEqualTo(429);
        assertThat(get("/all/x", address(), badge("nina")).status()).isEqualTo(200);
        assertThat(show(address)).contains("\"banned-seconds\": 3600").contains("\"level\": \"hostile\"");
        advance(Duration.ofMinutes(61));
        assertThat(get("/all/x", address, badge("nina")).status()).isEqualTo(200);
        told("event=behaviour.banned kind=address key=" + address + " seconds=3600");
        assertThat(gateway.admin("POST", "/behaviour/key?for=soon&key=" + address, "")
                        .status())
                .isEqualTo(422);
        assertThat(gateway.admin("POST", "/behaviour/key?for=1h&key=nobody", "").status())
                .isEqualTo(404);
    }

    @Test
    void whatGoesOnForABannedCallerEnds() throws IOException {
        String address = address();
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request("/stream", address, badge("olga")));
            StringBuilder begun = new StringBuilder();
            while (begun.indexOf("data: 1") < 0) {
                begun.append(client.read(1));
            }
            gateway.admin("POST", "/behaviour/key?for=1h&key=staff%2Folga", "");
            client.rest();
            LogLine line = lines("/stream", address).getFirst();
            assertThat(line.field("gateway.reason")).isEqualTo("access-ended");
            assertThat(line.field("gateway.rule")).isEqualTo("behaviour");
        }
    }

    @Test
    void aTokenShownFromElsewhereSpeaksAgainstWhoShowsItThere() throws IOException {
        String token = badge("theo", "jwt-theo");
        String home = address();
        assertThat(get("/good/x", home, token).status()).isEqualTo(200);
        int elsewhere = 0;
        for (int i = 0; i < 6; i++) {
            elsewhere += get("/good/x", address(), token).status() == 403 ? 1 : 0;
        }
        assertThat(elsewhere).as("from the fourth on").isEqualTo(3);
        assertThat(get("/good/x", home, token).status()).as("at home").isEqualTo(200);
        assertThat(show("staff/theo")).contains("\"new-network-for-token\": 48.0");
    }

    // ---- what is seen of it

    @Test
    void logMetricsEventsAndExplanationsTellOfIt() throws IOException {
        String address = address();
        fail(11, address);
        LogLine line = refused("/open/x", address);
        assertThat(line.field("gateway.behaviour.level")).isEqualTo("hostile");
        assertThat(line.field("gateway.behaviour.score")).isEqualTo("110");
        assertThat(line.field("gateway.reason")).isEqualTo("behaviour-hostile");
        assertThat(gateway.metric("sallyport_behaviour_refused_total", "by=\"source\""))
                .isPositive();
        assertThat(gateway.metric("sallyport_behaviour_signals_total", "failed-authentication"))
                .isGreaterThanOrEqualTo(11);
        told("event=behaviour.hostile kind=address key=" + address + " score=110 signal=failed-authentication");
        assertThat(gateway.admin("/behaviour").body()).contains(address);
        String explained = gateway.admin(
                        "POST",
                        "/explain",
                        "{\"method\": \"GET\", \"url\": \"http://a.test/open/x\", \"client\": \"" + address + "\"}")
                .body();
        assertThat(explained).contains("hostile, score 110, refused for").contains("behaviour-hostile");
    }

    @Test
    void RL_07_ofManyRefusalsFewHaveALine() throws IOException {
        String address = address();
        fail(11, address);
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 300; i++) {
                client.exchange(request("/open/x", address));
            }
        }
        assertThat(lines("/open/x", address)).hasSizeLessThan(150);
        String other = address();
        get("/open/last", other);
        lines("/open/last", other);
        assertThat(lines("/open/x", address)).hasSizeLessThan(150);
    }
}
