package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.otlp.FakeCollector;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Traces from a client by the gateway to an upstream, as a collector sees them.
class TracesIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + CALLER + "-01";
    private static final String NEVER = "sample: 0.0001%";

    private RecordingUpstream upstream;
    private FakeCollector collector;

    @BeforeEach
    void start() {
        upstream = RecordingUpstream.start();
        collector = FakeCollector.http();
    }

    @AfterEach
    void stop() throws Exception {
        collector.close();
        upstream.close();
    }

    private String yaml(String trusted, String endpoints, String observe) {
        return """
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", trusted-proxies: [%s] }
                upstreams:
                  orders: { endpoints: [%s], balance: round-robin }
                routes:
                  read-order: { match: { path: "/orders/{id}" }, access: public, upstream: orders }
                  local: { match: { path: /local }, access: public, respond: { body: up } }
                  reset: { match: { path: "/reset/{token}/{step}" }, access: public, respond: { body: up } }
                observe: { access-log: { to: "off" }, %s }
                """.formatted(trusted, endpoints, observe);
    }

    private String yaml(String trusted, String traces) {
        return yaml(trusted, here(upstream.port()), "traces: { otlp: \"" + collector.url() + "\", " + traces + " }");
    }

    private static String here(int port) {
        return "\"http://127.0.0.1:" + port + "\"";
    }

    private static Response get(TestGateway gateway, String target, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            String start = "GET " + target + " HTTP/1.1\r\nHost: api.test\r\nUser-Agent: tester/1\r\n";
            return client.exchange(start + String.join("\r\n", fields) + (fields.length == 0 ? "\r\n" : "\r\n\r\n"));
        }
    }

    private static String hex(com.google.protobuf.ByteString octets) {
        return HexFormat.of().formatHex(octets.toByteArray());
    }

    private List<Span> spans(int atLeast) {
        return Eventually.present(atLeast + " spans", () -> {
            List<Span> spans = collector.spans();
            return spans.size() >= atLeast ? spans : null;
        });
    }

    private static List<Span> of(List<Span> spans, Span.SpanKind kind) {
        return spans.stream().filter(span -> span.getKind() == kind).toList();
    }

    private static Span server(List<Span> spans) {
        return of(spans, Span.SpanKind.SPAN_KIND_SERVER).getFirst();
    }

    private static Map<String, String> attributes(Span span) {
        return FakeCollector.attributes(span.getAttributesList());
    }

    private String sentParent() {
        Request request = upstream.requests().getLast();
        return request.value("traceparent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void aTrustedCallersTraceGoesOnToTheUpstream(String protocol) throws IOException {
        if (protocol.equals("grpc")) {
            collector.close();
            collector = FakeCollector.grpc();
        }
        String otlp = "traces: { otlp: { endpoint: \"" + collector.url() + "\", protocol: " + protocol + " }, " + NEVER
                + " }, resource: { deployment.environment.name: test, service.name: edge }";
        try (TestGateway gateway = TestGateway.start(yaml("127.0.0.1", here(upstream.port()), otlp))) {
            assertThat(get(gateway, "/orders/7?view=short", SAMPLED, "tracestate: vendor=1,other=x")
                            .status())
                    .isEqualTo(200);
            List<Span> spans = spans(3);
            assertThat(spans)
                    .hasSize(3)
                    .allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE));
            Span server = server(spans);
            assertThat(hex(server.getParentSpanId())).isEqualTo(CALLER);
            assertThat(server.getTraceState()).isEqualTo("vendor=1,other=x");
            assertThat(server.getName()).isEqualTo("GET /orders/{id}");
            assertThat(attributes(server))
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("http.route", "/orders/{id}")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("url.path", "/orders/7")
                    .containsEntry("url.query", "view=short")
                    .containsEntry("url.scheme", "http")
                    .containsEntry("server.address", "api.test")
                    .containsEntry("client.address", "127.0.0.1")
                    .containsEntry("network.protocol.version", "1.1")
                    .containsEntry("user_agent.original", "tester/1")
                    .containsEntry("gateway.route", "read-order")
                    .containsEntry("gateway.listener", "public")
                    .containsEntry("gateway.decision", "allowed")
                    .containsEntry("gateway.upstream", "orders")
                    .doesNotContainKey("error.type");
            Span client = of(spans, Span.SpanKind.SPAN_KIND_CLIENT).getFirst();
            assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(sentParent()).isEqualTo("00-" + TRACE + "-" + hex(client.getSpanId()) + "-01");
            assertThat(upstream.requests().getLast().value("tracestate")).isEqualTo("vendor=1,other=x");
            assertThat(attributes(client))
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", Integer.toString(upstream.port()))
                    .containsEntry("http.response.status_code", "200");
            assertThat(client.getEventsList().stream().map(Span.Event::getName))
                    .containsExactly("gateway.upstream.connected", "gateway.upstream.responded");
            Span decision = of(spans, Span.SpanKind.SPAN_KIND_INTERNAL).getFirst();
            assertThat(decision.getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(decision.getEndTimeUnixNano()).isLessThanOrEqualTo(client.getStartTimeUnixNano());
            assertThat(server.getStartTimeUnixNano()).isLessThanOrEqualTo(client.getStartTimeUnixNano());
            assertThat(client.getEndTimeUnixNano()).isLessThanOrEqualTo(server.getEndTimeUnixNano());
            assertThat(collector.resource())
                    .containsEntry("service.name", "edge")
                    .containsEntry("deployment.environment.name", "test")
                    .containsKey("service.instance.id");
        }
    }

    @Test
    void HD_13_anUntrustedCallersTraceIsNotGoneOnWith() throws IOException {
        try (TestGateway gateway = TestGateway.start(yaml("", "sample: 100%"))) {
            get(gateway, "/orders/7", SAMPLED, "tracestate: vendor=1");
            Span server = server(spans(3));
            assertThat(hex(server.getTraceId())).isNotEqualTo(TRACE);
            assertThat(server.getParentSpanId().isEmpty()).isTrue();
            assertThat(server.getTraceState()).isEmpty();
            assertThat(server.getLinksList()).isEmpty();
            assertThat(sentParent())
                    .startsWith("00-" + hex(server.getTraceId()))
                    .endsWith("-01");
        }
    }

    @Test
    void HD_13_anUntrustedCallersTraceIsLinkedToOnlyIfAsked() throws IOException {
        try (TestGateway gateway = TestGateway.start(yaml("", "sample: 100%, link-untrusted: true"))) {
            get(gateway, "/orders/7", SAMPLED);
            Span server = server(spans(3));
            assertThat(hex(server.getTraceId())).isNotEqualTo(TRACE);
            assertThat(hex(server.getLinks(0).getTraceId())).isEqualTo(TRACE);
            assertThat(hex(server.getLinks(0).getSpanId())).isEqualTo(CALLER);
        }
    }

    @Test
    void eachAttemptHasASpanAndTheUpstreamsParentIsTheLast() throws IOException {
        int gone;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gone = closed.getLocalPort();
        }
        String otlp = "traces: { otlp: \"" + collector.url() + "\", sample: 100% }";
        try (TestGateway gateway = TestGateway.start(yaml("", here(gone) + ", " + here(upstream.port()), otlp))) {
            // in turn: one of two begins with the endpoint that is gone, on each of two loops
            List<Span> retried = Eventually.present("a request that was tried twice", () -> {
                try {
                    assertThat(get(gateway, "/orders/7").status()).isEqualTo(200);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                String trace = sentParent().substring(3, 35);
                List<Span> own = Eventually.present("its spans", () -> {
                    List<Span> found = collector.spans().stream()
                            .filter(span -> hex(span.getTraceId()).equals(trace))
                            .toList();
                    return found.size() >= 3 ? found : null;
                });
                return own.size() >= 4 ? own : null;
            });
            List<Span> attempts = of(retried, Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(attempts)
                    .hasSize(2)
                    .allSatisfy(span -> assertThat(span.getParentSpanId())
                            .isEqualTo(server(retried).getSpanId()));
            Span last = attempts.stream()
                    .filter(span -> hex(span.getSpanId()).equals(sentParent().substring(36, 52)))
                    .findFirst()
                    .orElseThrow();
            Span first = attempts.stream()
                    .filter(span -> !span.equals(last))
                    .findFirst()
                    .orElseThrow();
            assertThat(attributes(first)).containsEntry("error.type", "upstream-connect-failed");
            assertThat(first.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(first.getEndTimeUnixNano()).isLessThanOrEqualTo(last.getStartTimeUnixNano());
            assertThat(attributes(last)).containsEntry("http.request.resend_count", "1");
            assertThat(last.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
            assertThat(attributes(server(retried))).containsEntry("gateway.attempts", "2");
        }
    }

    @Test
    void failuresAreToldThoughTheyAreNotSampledAndOthersAreNot() throws IOException {
        upstream.answer(request -> request.target().endsWith("bad")
                ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                : RecordingUpstream.ok("fine"));
        try (TestGateway gateway = TestGateway.start(yaml("", NEVER))) {
            get(gateway, "/orders/fine");
            assertThat(sentParent()).endsWith("-00");
            get(gateway, "/nowhere");
            assertThat(get(gateway, "/orders/bad").status()).isEqualTo(503);
            assertThat(sentParent()).endsWith("-00");
            List<Span> spans = spans(3);
            Span server = server(spans);
            assertThat(attributes(server))
                    .containsEntry("url.path", "/orders/bad")
                    .containsEntry("error.type", "503");
            assertThat(server.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(sentParent().substring(36, 52))
                    .isEqualTo(hex(
                            of(spans, Span.SpanKind.SPAN_KIND_CLIENT).getFirst().getSpanId()));
            assertThat(gateway.metric("sallyport_traces_total", "trouble")).isEqualTo(1);
            assertThat(gateway.metric("sallyport_traces_total", "sampled")).isZero();
        }
        assertThat(of(collector.spans(), Span.SpanKind.SPAN_KIND_SERVER)).hasSize(1);
    }

    @Test
    void whereNoneAreSampledThoseOfTrustedCallersAreToldAllTheSame() throws IOException {
        try (TestGateway gateway = TestGateway.start(yaml("127.0.0.1", "sample: 0%"))) {
            for (int i = 0; i < 50; i++) {
                assertThat(get(gateway, "/local").status()).isEqualTo(200);
            }
            String sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            assertThat(get(gateway, "/local", "traceparent: " + sampled).status())
                    .isEqualTo(200);
            spans(2);
        }
        assertThat(collector.spans())
                .allMatch(span -> hex(span.getTraceId()).equals("0af7651916cd43dd8448eb211c80319c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", slower-than: 1h"})
    void failuresAreNotToldWhereTheyAreNotWanted(String slow) throws IOException {
        upstream.answer(_ -> "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        try (TestGateway gateway = TestGateway.start(yaml("", NEVER + ", errors: false" + slow))) {
            get(gateway, "/orders/bad");
        }
        assertThat(collector.calls()).isZero();
    }

    @Test
    void LG_08_aFloodOfFailuresIsToldOnlyInPart() throws IOException {
        upstream.answer(_ -> "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        try (TestGateway gateway = TestGateway.start(yaml("", NEVER + ", most-unsampled: 2"))) {
            for (int i = 0; i < 40; i++) {
                get(gateway, "/orders/bad");
            }
            Eventually.until(
                    "all are accounted for", () -> told(gateway, "trouble") + told(gateway, "over-limit") == 40);
            // one a second on each of two loops; the machine may need several seconds
            assertThat(told(gateway, "over-limit")).isGreaterThan(10);
        }
    }

    private static double told(TestGateway gateway, String outcome) {
        try {
            return gateway.metric("sallyport_traces_total", outcome);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void slowAnswersAreToldThoughTheyAreNotSampled() throws IOException {
        upstream.answer(request -> {
            if (request.target().endsWith("slow")) {
                long until = System.nanoTime() + 60_000_000;
                while (System.nanoTime() - until < 0) {
                    Thread.onSpinWait();
                }
            }
            return RecordingUpstream.ok("fine");
        });
        try (TestGateway gateway = TestGateway.start(yaml("", NEVER + ", slower-than: 50ms"))) {
            get(gateway, "/orders/slow");
            assertThat(attributes(server(spans(3)))).containsEntry("url.path", "/orders/slow");
        }
    }

    @Test
    void LG_08_requestsDoNotFeelACollectorThatIsAwayOrHangs() throws IOException {
        int gone = collector.port();
        collector.close();
        String away =
                yaml("", here(upstream.port()), "traces: { otlp: \"http://127.0.0.1:" + gone + "\", sample: 100% }");
        try (TestGateway gateway = TestGateway.start(away)) {
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway, "/orders/7").status()).isEqualTo(200);
            }
            Eventually.until("the failure is told", () -> gateway.events().contains("event=otlp.failing"));
            assertThat(gateway.metric("sallyport_otlp_failures_total", "traces"))
                    .isPositive();
            collector = FakeCollector.http();
            collector.answer(_ -> FakeCollector.Answer.SILENCE);
            assertThat(gateway.reload(yaml("", "sample: 100%")).getClass().getSimpleName())
                    .isEqualTo("Applied");
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway, "/orders/7").status()).isEqualTo(200);
            }
            Eventually.until("it is asked", () -> collector.calls() > 0);
            assertThat(get(gateway, "/orders/7").status()).isEqualTo(200);
        }
    }

    @Test
    void anotherCollectorIsToldAfterAReloadAndNothingIsLost() throws IOException {
        try (FakeCollector next = FakeCollector.http();
                TestGateway gateway = TestGateway.start(yaml("", "sample: 100%"))) {
            for (int i = 0; i < 30; i++) {
                get(gateway, "/local");
            }
            gateway.reload(yaml("", here(upstream.port()), "traces: { otlp: \"" + next.url() + "\", sample: 100% }"));
            for (int i = 0; i < 30; i++) {
                get(gateway, "/local");
            }
            Eventually.until(
                    "all arrive", () -> collector.spans().size() + next.spans().size() == 2 * 60);
            assertThat(next.spans()).isNotEmpty();
            assertThat(collector.spans()).isNotEmpty();
        }
    }

    @Test
    void stoppingTellsWhatWasNotToldYet() throws IOException {
        try (TestGateway gateway = TestGateway.start(yaml("", "sample: 100%"))) {
            get(gateway, "/local");
        }
        assertThat(collector.spans()).hasSize(2);
    }

    @Test
    void LG_02_noSecretReachesACollector() throws IOException {
        String canary = "canary-5f1d7c";
        String token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnktNWYxZDdjIn0.c2ln";
        String yaml = yaml("127.0.0.1", "sample: 100%");
        try (TestGateway gateway = TestGateway.start(
                yaml.replace("access-log: { to: \"off\" }", "access-log: { to: \"off\" }, redact: { query: [pin] }"))) {
            get(
                    gateway,
                    "/orders/" + token + "?access_token=" + canary + "&%74oken=" + canary + "&pin=" + canary,
                    "Authorization: Bearer " + canary,
                    "Cookie: a=" + canary,
                    "X-Api-Key: " + canary,
                    "Referer: http://a.test/?code=" + canary,
                    "baggage: user=" + canary);
            get(gateway, "/nowhere?password=" + canary, "User-Agent: x?token=" + canary);
            get(gateway, "/reset/" + canary + "/tw%22o");
            assertThat(spans(7).stream().map(span -> attributes(span).get("url.path")))
                    .contains("/reset/[redacted]/tw%22o", "/nowhere");
        }
        for (byte[] message : collector.messages()) {
            String text = new String(message, StandardCharsets.ISO_8859_1);
            assertThat(text).doesNotContain(canary, "eyJ");
            assertThat(text).contains("[redacted]");
        }
    }

    /// Whoever reads them has to know that they are of one gateway.
    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void logAndTracesComeFromTheSameGateway(String protocol) throws IOException {
        try (FakeCollector logs = protocol.equals("grpc") ? FakeCollector.grpc() : FakeCollector.http();
                TestGateway gateway = TestGateway.start(yaml("", "sample: 100%")
                        .replace(
                                "access-log: { to: \"off\" }",
                                "resource: { service.name: edge }, access-log: { to: { otlp: { endpoint: \""
                                        + logs.url() + "\", protocol: " + protocol + " } } }"))) {
            get(gateway, "/local");
            spans(1);
            Eventually.until("a line", () -> !logs.logs().isEmpty());
            assertThat(logs.resource()).containsEntry("service.name", "edge").isEqualTo(collector.resource());
        }
    }
}
