package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Threats of section RL over real sockets, on a clock that stands until it is moved. Clients have their addresses from
/// a trusted proxy, which is this test.
class LimitIT {
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

    private static String yaml(String perAddress) {
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
                  partners: { kind: badge, issuer: them }
                limits:
                  per-address: %s
                  per-network: { key: client.network, rate: 3/h }
                  per-caller: { key: principal.id, rate: 2/min }
                  writes: { key: principal.id, methods: modifying, rate: 1/h }
                  dear: { key: client.address, rate: 10/h, cost: 'request.path == "/dear/x" ? 10 : 1' }
                  broken: { key: client.address, rate: 10/h, cost: 'int(headers["x-cost"])' }
                  whole-route: { key: route, rate: 5/h }
                  trial: { key: client.address, rate: 1/h, mode: shadow }
                  at-once: { key: client.address, concurrent: 1 }
                  daily: { key: client.address, quota: { amount: 2, per: day, zone: UTC } }
                  by-channel: { key: [client.address, { header: X-Channel }], rate: 1/h }
                limit-headers: both
                routes:
                  address: { match: { path: "/address/**" }, access: public, limits: [per-address], upstream: orders }
                  other: { match: { path: "/other/**" }, access: public, limits: [per-address], upstream: orders }
                  network: { match: { path: /network }, access: public, limits: [per-network], upstream: orders }
                  caller:
                    match: { path: "/caller/**" }
                    access: { authenticate: [staff, partners] }
                    limits: [per-address, per-caller, writes]
                    upstream: orders
                  either: { match: { path: /either }, access: { optional: [staff] }, limits: [per-caller], upstream: orders }
                  dear: { match: { path: "/dear/{x}" }, access: public, limits: [dear], upstream: orders }
                  broken: { match: { path: /broken }, access: public, limits: [broken], upstream: orders }
                  route: { match: { path: /route }, access: { authenticate: [staff] }, limits: [whole-route], upstream: orders }
                  trial: { match: { path: /trial }, access: public, limits: [trial], upstream: orders }
                  stream: { match: { path: /stream }, access: public, limits: [at-once], upstream: endless }
                  quick: { match: { path: /quick }, access: public, limits: [at-once], upstream: orders }
                  daily: { match: { path: /daily }, access: public, limits: [daily], upstream: orders }
                  channel: { match: { path: /channel }, access: public, limits: [by-channel], upstream: orders }
                  open: { match: { path: /open }, access: public, upstream: orders }
                """.formatted(UPSTREAM.port(), ENDLESS.port(), perAddress);
    }

    @BeforeAll
    static void start() {
        gateway = TestGateway.of(yaml("{ key: client.address, rate: 60/min, burst: 3 }"))
                .with(new Badges.Factory())
                .by(NANOS::get)
                .start();
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

    /// An address that no other test has.
    private static String address() {
        int number = ADDRESSES.incrementAndGet();
        return "203." + (number >> 8) + "." + (number & 0xff) + ".7";
    }

    private static String request(String method, String path, String address, String... fields) {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a.test\r\n");
        text.append("X-Forwarded-For: ").append(address).append("\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static Response ask(String method, String path, String address, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(request(method, path, address, fields));
        }
    }

    private static Response get(String path, String address, String... fields) throws IOException {
        return ask("GET", path, address, fields);
    }

    /// How many of some requests in a row were allowed.
    private static int allowed(int times, String path, String address, String... fields) throws IOException {
        int allowed = 0;
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < times; i++) {
                int status =
                        client.exchange(request("GET", path, address, fields)).status();
                assertThat(status).isIn(200, 429);
                allowed += status == 200 ? 1 : 0;
            }
        }
        return allowed;
    }

    private static String badge(String issuer, String name) {
        return "Authorization: Badge " + issuer + " " + name + " " + name + "-1";
    }

    // ---- answers

    @Test
    void burstThenRefusedThenWhatTimeBringsBack() throws IOException {
        String address = address();
        try (RawClient client = RawClient.connect(gateway.port())) {
            Response first = client.exchange(request("GET", "/address/1", address));
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.value("ratelimit-policy")).isEqualTo("\"per-address\";q=3;w=3");
            assertThat(first.value("ratelimit")).isEqualTo("\"per-address\";r=2;t=1");
            assertThat(first.value("x-ratelimit-limit")).isEqualTo("3");
            assertThat(first.value("x-ratelimit-remaining")).isEqualTo("2");
            assertThat(first.value("x-ratelimit-reset")).isEqualTo("1");
            client.exchange(request("GET", "/address/1", address));
            client.exchange(request("GET", "/address/1", address));
            Response refused = client.exchange(request("GET", "/address/1", address));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.code()).isEqualTo("limit-exceeded");
            assertThat(refused.value("retry-after")).isEqualTo("1");
            assertThat(refused.value("ratelimit")).isEqualTo("\"per-address\";r=0;t=3");
            assertThat(refused.body())
                    .contains("\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\"")
                    .contains("\"violated-policies\":[\"per-address\"]");
            // the connection goes on
            advance(Duration.ofSeconds(1));
            assertThat(client.exchange(request("GET", "/address/1", address)).status())
                    .isEqualTo(200);
            assertThat(client.exchange(request("GET", "/address/1", address)).status())
                    .isEqualTo(429);
        }
        LogLine line = Eventually.present(
                "a line of the refusal",
                () -> gateway.log().stream()
                        .filter(one -> one.field("client.address").equals(address))
                        .filter(one -> one.field("http.response.status_code").equals("429"))
                        .findFirst()
                        .orElse(null));
        assertThat(line.field("gateway.limit")).isEqualTo("per-address");
        assertThat(line.field("gateway.reason")).isEqualTo("limit-exceeded");
    }

    @Test
    void http2StreamsAreRefusedOneByOne() throws IOException {
        String address = address();
        try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
            for (int i = 0; i < 5; i++) {
                peer.request(2 * i + 1, true, "GET", "/address/1", "x-forwarded-for", address);
                Http2Peer.Message answer = peer.message(2 * i + 1);
                assertThat(answer.status()).isEqualTo(i < 3 ? "200" : "429");
                if (i >= 3) {
                    assertThat(answer.field("retry-after")).isEqualTo("1");
                    assertThat(answer.body()).contains("limit-exceeded");
                }
            }
            peer.request(11, true, "GET", "/open");
            assertThat(peer.message(11).status()).isEqualTo("200");
        }
    }

    @Test
    void grpcIsToldInItsOwnForm() throws IOException {
        String address = address();
        allowed(3, "/address/1", address);
        Response refused = ask("POST", "/address/1", address, "Content-Type: application/grpc", "Content-Length: 0");
        assertThat(refused.value("grpc-status")).isEqualTo("8");
    }

    @Test
    void RL_07_refusedBeforeTheBodyIsRead() throws IOException {
        String address = address();
        allowed(3, "/address/1", address);
        try (RawClient client = RawClient.connect(gateway.port())) {
            Response refused = client.exchange(
                    request("POST", "/address/1", address, "Content-Length: 1000000", "Expect: 100-continue"));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.interim()).isEmpty();
        }
    }

    @Test
    void RL_07_aFloodOfRefusalsDoesNotFloodTheLog() throws IOException {
        String address = address();
        int before = gateway.log().size();
        assertThat(allowed(300, "/address/1", address)).isEqualTo(3);
        assertThat(get("/open", address).status()).isEqualTo(200);
        Eventually.until(
                "the last line",
                () -> gateway.log().stream()
                        .anyMatch(line -> line.field("client.address").equals(address)
                                && line.field("url.path").equals("/open")));
        long lines = gateway.log().stream()
                .filter(line -> line.field("client.address").equals(address))
                .count();
        assertThat(lines).isLessThan(150);
        assertThat(gateway.log().size()).isGreaterThan(before);
        assertThat(gateway.metric("sallyport_access_log_left_out_total", "")).isGreaterThan(100);
        assertThat(gateway.metric("sallyport_limit_decisions_total", "limit=\"per-address\",outcome=\"refused\""))
                .isGreaterThanOrEqualTo(297);
    }

    @Test
    void RL_13_whatOthersHaveLeftIsNotTold() throws IOException {
        String address = address();
        Response allowed = get("/route", address, badge("us", "rita"));
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.names()).noneMatch(name -> name.contains("ratelimit"));
        assertThat(allowed(9, "/route", address, badge("us", "otto"))).isEqualTo(4);
        Response refused = get("/route", address, badge("us", "rita"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.names()).noneMatch(name -> name.contains("ratelimit"));
        assertThat(refused.value("retry-after")).isEqualTo("720");
    }

    @Test
    void tellsTheTightestFirst() throws IOException {
        String address = address();
        Response answer = get("/caller/1", address, badge("us", "tina"));
        assertThat(answer.value("ratelimit")).isEqualTo("\"per-caller\";r=1;t=30, \"per-address\";r=2;t=1");
        assertThat(answer.value("ratelimit-policy")).isEqualTo("\"per-caller\";q=2;w=60, \"per-address\";q=3;w=3");
        assertThat(answer.value("x-ratelimit-remaining")).isEqualTo("1");
    }

    // ---- keys

    @Test
    void RL_01_anIpv6NetworkIsOneCaller() throws IOException {
        assertThat(allowed(2, "/address/1", "2001:db8:1:2::1")).isEqualTo(2);
        assertThat(allowed(2, "/address/1", "2001:db8:1:2:ffff:ffff:ffff:ffff")).isEqualTo(1);
        assertThat(allowed(1, "/address/1", "2001:db8:1:3::1")).isEqualTo(1);
        // the second tier
        assertThat(allowed(2, "/network", "2001:db8:9:1::1")).isEqualTo(2);
        assertThat(allowed(2, "/network", "2001:db8:9:ffff::1")).isEqualTo(1);
        assertThat(allowed(1, "/network", "2001:db8:a::1")).isEqualTo(1);
        assertThat(allowed(4, "/network", "198.18.7.1")).isEqualTo(3);
        assertThat(allowed(1, "/network", "198.18.7.200")).isZero();
    }

    @Test
    void RL_02_mappedAddressesAreTheIpv4AddressTheyHold() throws IOException {
        assertThat(allowed(3, "/address/1", "::ffff:198.51.100.1")).isEqualTo(3);
        assertThat(allowed(1, "/address/1", "198.51.100.1")).isZero();
        assertThat(allowed(3, "/address/1", "::ffff:198.51.100.2")).isEqualTo(3);
    }

    @Test
    void RL_03_whatAStrangerSaysOfItsAddressDoesNotCount() throws IOException {
        int allowed = 0;
        try (RawClient client = RawClient.connect(gateway.port("direct"))) {
            for (int i = 0; i < 6; i++) {
                allowed +=
                        client.exchange(request("GET", "/other/1", address())).status() == 200 ? 1 : 0;
            }
        }
        assertThat(allowed).isEqualTo(3);
    }

    @Test
    void RL_04_variantsOfAPathAreOneRoute() throws IOException {
        String address = address();
        List<String> paths =
                List.of("/address/1", "/address/%31", "/address/1?x=1", "/address/./1", "/other/2", "/address/2");
        int allowed = 0;
        for (String path : paths) {
            allowed += get(path, address).status() == 200 ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(3);
    }

    @Test
    void RL_05_otherCredentialsOfOneCallerAreOneCaller() throws IOException {
        assertThat(get("/caller/1", address(), "Authorization: Badge us paul first")
                        .status())
                .isEqualTo(200);
        assertThat(get("/caller/1", address(), "Authorization: Badge us paul second")
                        .status())
                .isEqualTo(200);
        assertThat(get("/caller/1", address(), "Authorization: Badge us paul third")
                        .status())
                .isEqualTo(429);
        // another authenticator's caller of the same name is another caller
        assertThat(get("/caller/1", address(), "Authorization: Badge them paul first")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void RL_05_toLeaveSomethingOutSetsNobodyFree() throws IOException {
        String address = address();
        assertThat(allowed(9, "/either", address)).isEqualTo(2);
        assertThat(allowed(1, "/either", address())).isEqualTo(1);
        assertThat(allowed(3, "/channel", address)).isEqualTo(1);
        assertThat(allowed(3, "/channel", address, "X-Channel: a")).isEqualTo(1);
        assertThat(allowed(3, "/channel", address, "X-Channel: a", "X-Channel: b"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void RL_06_streamsOfOneConnectionCountOneByOne(int parallel) throws IOException {
        String address = address();
        int allowed = 0;
        try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
            for (int batch = 0; batch < 20 / parallel; batch++) {
                int first = 2 * batch * parallel + 1;
                for (int i = 0; i < parallel; i++) {
                    peer.request(first + 2 * i, true, "GET", "/address/1", "x-forwarded-for", address);
                }
                for (int i = 0; i < parallel; i++) {
                    Http2Peer.Frame frame = peer.next(Http2Peer.HEADERS);
                    assertThat(frame).isNotNull();
                    allowed += peer.fields(frame).contains(":status: 200") ? 1 : 0;
                }
            }
        }
        assertThat(allowed).isEqualTo(3);
    }

    // ---- layers

    @Test
    void RL_14_aRefusalByOneLayerTakesNothingOfTheOthers() throws IOException {
        String address = address();
        assertThat(get("/caller/1", address, badge("us", "lea")).status()).isEqualTo(200);
        assertThat(get("/caller/1", address, badge("us", "lea")).status()).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            Response refused = get("/caller/1", address, badge("us", "lea"));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("per-caller");
        }
        // the address was not charged for what its caller was not given
        assertThat(get("/caller/1", address, badge("us", "max")).status()).isEqualTo(200);
        assertThat(get("/caller/1", address, badge("us", "eva")).body()).contains("per-address");
    }

    @Test
    void AK_06_RL_14_failedAuthenticationCountsAgainstItsSource() throws IOException {
        String address = address();
        for (int i = 0; i < 3; i++) {
            assertThat(get("/caller/1", address, "Authorization: Badge bad").status())
                    .isEqualTo(401);
        }
        assertThat(get("/caller/1", address, "Authorization: Badge bad").status())
                .isEqualTo(429);
        assertThat(get("/caller/1", address, badge("us", "ida")).status()).isEqualTo(429);
    }

    @Test
    void RL_15_nobodyUsesUpWhatAVictimHas() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(get("/caller/1", address(), "Authorization: Badge us vera")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(get("/caller/1", address(), badge("us", "vera")).status()).isEqualTo(200);
        assertThat(get("/caller/1", address(), badge("us", "vera")).status()).isEqualTo(200);
    }

    @Test
    void RL_15_strangersUseUpNothingThatCallersShare() throws IOException {
        for (int i = 0; i < 9; i++) {
            assertThat(get("/route", address()).status()).isEqualTo(401);
        }
    }

    @Test
    void methodsAndCosts() throws IOException {
        String address = address();
        assertThat(ask("POST", "/caller/1", address, badge("us", "kim"), "Content-Length: 0")
                        .status())
                .isEqualTo(200);
        Response refused = ask("POST", "/caller/1", address, badge("us", "kim"), "Content-Length: 0");
        assertThat(refused.body()).contains("\"violated-policies\":[\"writes\"]");
        assertThat(get("/caller/1", address, badge("us", "kim")).status()).isEqualTo(200);
        String other = address();
        assertThat(get("/dear/y", other).status()).isEqualTo(200);
        assertThat(get("/dear/x", other).status()).isEqualTo(429);
        assertThat(get("/dear/x", address()).status()).isEqualTo(200);
    }

    @Test
    void costsThatNobodyCanTellAreRefused() throws IOException {
        Response undecided = get("/broken", address());
        assertThat(undecided.status()).isEqualTo(503);
        assertThat(undecided.code()).isEqualTo("limit-undecided");
        assertThat(get("/broken", address(), "X-Cost: -1").status()).isEqualTo(503);
        assertThat(get("/broken", address(), "X-Cost: 2").status()).isEqualTo(200);
    }

    @Test
    void onTrialNothingIsRefused() throws IOException {
        String address = address();
        assertThat(allowed(3, "/trial", address)).isEqualTo(3);
        List<LogLine> lines = Eventually.present("three lines", () -> {
            List<LogLine> found = gateway.log().stream()
                    .filter(line -> line.field("client.address").equals(address))
                    .toList();
            return found.size() == 3 ? found : null;
        });
        assertThat(lines.stream().filter(line -> line.fields().containsKey("gateway.shadow_limit")))
                .hasSize(2)
                .allMatch(line -> line.field("gateway.shadow_limit").equals("trial"));
        assertThat(gateway.metric("sallyport_limit_decisions_total", "limit=\"trial\",outcome=\"shadowed\""))
                .isEqualTo(2);
    }

    // ---- at the same time

    @Test
    void concurrentIsGivenBackWhenAClientAborts() throws IOException {
        String address = address();
        RawClient stream = RawClient.connect(gateway.port());
        stream.send(request("GET", "/stream", address));
        assertThat(stream.responseToHead().status()).isEqualTo(200);
        Response refused = get("/quick", address);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.value("retry-after")).isEqualTo("1");
        assertThat(get("/quick", address()).status()).isEqualTo(200);
        stream.reset();
        stream.close();
        Eventually.until("the stream is over", () -> status("/quick", address) == 200);
        assertThat(allowed(5, "/quick", address)).isEqualTo(5);
    }

    @Test
    void concurrentIsGivenBackWhenAnHttp2StreamIsReset() throws IOException {
        String address = address();
        try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
            peer.request(1, true, "GET", "/stream", "x-forwarded-for", address);
            assertThat(peer.next(Http2Peer.HEADERS)).isNotNull();
            assertThat(get("/quick", address).status()).isEqualTo(429);
            peer.reset(1, 8);
            Eventually.until("the stream is over", () -> status("/quick", address) == 200);
        }
    }

    private static int status(String path, String address) {
        try {
            return get(path, address).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- reloads and operators

    @Test
    void aReloadKeepsWhatWasCounted() throws IOException {
        String address = address();
        assertThat(allowed(9, "/address/1", address)).isEqualTo(3);
        assertThat(allowed(9, "/daily", address)).isEqualTo(2);
        gateway.reload(yaml("{ key: client.address, rate: 60/min, burst: 4 }"));
        assertThat(allowed(9, "/address/1", address)).isEqualTo(1);
        assertThat(allowed(9, "/daily", address)).isZero();
        gateway.reload(yaml("{ key: client.address, rate: 60/min, burst: 3 }"));
        assertThat(allowed(9, "/address/1", address)).isZero();
    }

    @Test
    void operatorsSeeAndResetKeys() throws IOException {
        String address = address();
        assertThat(allowed(9, "/daily", address)).isEqualTo(2);
        assertThat(gateway.admin("/limits?limit=daily").body())
                .contains("\"limit\": \"daily\"")
                .contains("\"key\": \"" + address + "\"");
        assertThat(gateway.admin("/limits/key?key=" + address + "&limit=daily").body())
                .contains("\"remaining\": 0");
        assertThat(gateway.admin("DELETE", "/limits/key?key=" + address, "").body())
                .contains("\"daily\"");
        assertThat(allowed(9, "/daily", address)).isEqualTo(2);
        assertThat(gateway.admin("/limits?limit=dayly").body()).contains("did you mean `daily`?");
        assertThat(gateway.admin("/limits/key").status()).isEqualTo(400);
    }

    @Test
    void explainTellsTheLimitsAndTakesNothing() throws IOException {
        String address = address();
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.admin(
                                    "POST",
                                    "/explain",
                                    "{\"method\":\"GET\",\"url\":\"http://a.test/address/1\",\"listener\":\"direct\",\"client\":\""
                                            + address + "\"}")
                            .body())
                    .contains("counts in per-address by " + address);
        }
        assertThat(allowed(9, "/address/1", address)).isEqualTo(3);
    }

    @Test
    void metricsTellHowFullCountersAre() throws IOException {
        allowed(9, "/daily", address());
        assertThat(gateway.metric("sallyport_limit_keys", "limit=\"daily\"")).isGreaterThanOrEqualTo(1);
        assertThat(gateway.metric("sallyport_limit_room", "limit=\"daily\"")).isGreaterThanOrEqualTo(4096);
        assertThat(gateway.metric("sallyport_limit_nearest", "limit=\"daily\"")).isEqualTo(1);
        assertThat(Stream.of("allowed", "refused").map(outcome -> decisions("daily", outcome)))
                .allMatch(count -> count > 0);
    }

    private static double decisions(String limit, String outcome) {
        try {
            return gateway.metric(
                    "sallyport_limit_decisions_total", "limit=\"" + limit + "\",outcome=\"" + outcome + "\"");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
