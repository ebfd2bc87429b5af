package dev.sallyport.app.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.notify.Inbox;
import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Trouble is planted at a real gateway over real sockets, and must be noticed in its stated time with the right
/// words. Windows are of a second, samples are taken ten times a second.
class AlertIT {
    private static final String BADGE = "Authorization: Badge us anna 1\r\n";

    private static TestGateway gateway(int upstream, String alerts, String notify) {
        return TestGateway.of("""
                version: 1
                listeners:
                  public:
                    bind: 127.0.0.1:0
                authenticators:
                  staff: { kind: badge }
                upstreams:
                  backend:
                    endpoints: ["http://127.0.0.1:%d"]
                routes:
                  orders:
                    match: { path: "/orders/**" }
                    access: public
                    upstream: backend
                  accounts:
                    match: { path: "/accounts/**" }
                    access: { authenticate: [staff] }
                    upstream: backend
                observe:
                  signals: { every: 100ms }
                  preset-alerts: false
                  alerts:
                %s
                  notify: %s
                """.formatted(upstream, alerts.indent(4), notify))
                .with(new Badges.Factory())
                .start();
    }

    /// Sends a request on a connection of its own, and returns the status.
    private static int get(TestGateway gateway, String path, String fields) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "Connection: close\r\n\r\n")
                    .status();
        } catch (IOException e) {
            return 0;
        }
    }

    /// Repeats `request` until an alert fires; how long that took, and the alert.
    private static Alert firing(TestGateway gateway, Duration within, Runnable request) {
        Instant begun = Instant.now();
        Alert fired = Eventually.present("an alert fires", () -> {
            request.run();
            return gateway.gateway().alerts().all().stream()
                    .filter(alert -> alert.state() == Alert.State.FIRING)
                    .findFirst()
                    .orElse(null);
        });
        assertThat(Duration.between(begun, Instant.now())).isLessThan(within);
        return fired;
    }

    @Test
    void bruteForceIsNoticedWithinTwoSeconds() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                Inbox inbox = Inbox.accepting();
                TestGateway gateway = gateway(
                        upstream.port(),
                        "brute-force: { signal: failed-authentication, above: 20/s, by: client.network, severity: critical }",
                        "[{ webhook: \"" + inbox.uri("/hook") + "\" }]")) {
            Alert alert = firing(
                    gateway,
                    Duration.ofSeconds(2),
                    () -> get(gateway, "/accounts/1", "Authorization: Badge them x 1\r\n"));
            assertThat(alert.sentence())
                    .matches("127\\.0\\.0\\.0/24: \\d+ failed authentications in the last 1 s \\(allowed: 20/s\\).*");
            assertThat(alert.request()).matches("[0-9a-f]{32}");
            Eventually.until(
                    "the request is in the log", () -> gateway.logText().contains(alert.request()));
            Eventually.until("the webhook is told", () -> !inbox.messages().isEmpty());
            assertThat(inbox.messages().getFirst().body())
                    .contains("\"alert\":\"brute-force\"", "\"severity\":\"critical\"", alert.request());
            assertThat(gateway.events()).contains("event=alert.firing", "alert=brute-force");
            assertThat(gateway.metrics()).contains("sallyport_alerts{alert=\"brute-force\",state=\"firing\"}");
            Eventually.until(
                    "it is over",
                    () -> gateway.gateway().alerts().all().getFirst().state() == Alert.State.RESOLVED);
            Eventually.until("the webhook is told so", () -> inbox.messages().size() == 2);
            assertThat(inbox.messages().getLast().body()).contains("\"status\":\"resolved\"");
        }
    }

    @Test
    void aFailingUpstreamIsNoticedWithinThreeSeconds() throws IOException {
        try (EvilUpstream.RefusingPort dead = new EvilUpstream.RefusingPort();
                TestGateway gateway = gateway(
                        dead.port(),
                        "failing: { signal: errors, above: 5%, window: 1s, for: 500ms, by: upstream }",
                        "[]")) {
            Alert alert = firing(gateway, Duration.ofSeconds(3), () -> get(gateway, "/orders/1", ""));
            assertThat(alert.sentence())
                    .matches(
                            "upstream backend: 100 % of \\d+ requests failed in the last 1 s \\(allowed: 5 %\\), most often"
                                    + " upstream-connect-failed");
        }
    }

    @Test
    void anObjectiveThatBurnsIsNoticedWithinFiveSeconds() throws IOException {
        try (EvilUpstream.RefusingPort dead = new EvilUpstream.RefusingPort();
                TestGateway gateway = gateway(
                        dead.port(),
                        "failing: { signal: errors, burn-rate: { objective: 99%, fast: 1s, slow: 3s }, by: route }",
                        "[]")) {
            Alert alert = firing(gateway, Duration.ofSeconds(5), () -> get(gateway, "/orders/1", ""));
            assertThat(alert.sentence())
                    .startsWith("route orders: 100 % of")
                    .contains("times what the objective of 99 % allows, most often upstream-connect-failed");
        }
    }

    @Test
    void aSlowUpstreamIsNoticedWithinFiveSeconds() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = gateway(
                        upstream.port(),
                        "slow: { signal: latency, quantile: 0.9, above: 25ms, window: 2s, for: 300ms, by: route, least: 5 }",
                        "[]")) {
            upstream.answer(_ -> {
                LockSupport.parkNanos(60_000_000);
                return RecordingUpstream.ok("late");
            });
            Alert alert = firing(gateway, Duration.ofSeconds(5), () -> get(gateway, "/orders/1", ""));
            assertThat(alert.sentence())
                    .matches(
                            "route orders: 90 % of \\d+ answers in the last 2 s took up to .* ms \\(allowed: 25 ms\\)");
        }
    }

    @Test
    void aFloodIsNoticedOnceItIsKnownWhatIsUsual() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = gateway(
                        upstream.port(),
                        "flood: { signal: traffic, above: 3x-baseline, window: 1s, for: 200ms, learn: 2s }",
                        "[]")) {
            Eventually.until("two seconds of little traffic were seen", () -> {
                get(gateway, "/orders/1", "");
                LockSupport.parkNanos(200_000_000);
                return gateway.gateway().signals().remembered().compareTo(Duration.ofSeconds(4)) >= 0;
            });
            assertThat(gateway.gateway().alerts().all()).isEmpty();
            Alert alert = firing(gateway, Duration.ofSeconds(4), () -> get(gateway, "/orders/1", ""));
            assertThat(alert.sentence())
                    .matches("gateway: .* requests per second in the last 1 s, .* times the usual .*");
        }
    }

    @Test
    void aFloodOfNewTrafficAtTheStartIsNothingYet() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway =
                        gateway(upstream.port(), "flood: { signal: traffic, above: 3x-baseline, window: 1s }", "[]")) {
            Eventually.until("two seconds", () -> {
                get(gateway, "/orders/1", "");
                return gateway.gateway().signals().remembered().compareTo(Duration.ofSeconds(2)) >= 0;
            });
            assertThat(gateway.gateway().alerts().all()).isEmpty();
        }
    }

    @Test
    void aDeadNotifierDoesNotSlowRequests() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                Inbox dead = new Inbox(_ -> 0);
                TestGateway gateway = gateway(
                        upstream.port(),
                        "busy: { signal: traffic, above: 1/s }",
                        "[{ webhook: \"" + dead.uri("/") + "\" }]")) {
            firing(gateway, Duration.ofSeconds(3), () -> get(gateway, "/orders/1", ""));
            Eventually.until("the dead one is asked", () -> !dead.messages().isEmpty());
            Instant begun = Instant.now();
            for (int i = 0; i < 50; i++) {
                assertThat(get(gateway, "/accounts/1", BADGE)).isEqualTo(200);
            }
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void testTellsWhatEachNotifierAnswered() throws IOException {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp").dynamicPort());
        mail.start();
        try (RecordingUpstream upstream = RecordingUpstream.start();
                Inbox hook = Inbox.accepting();
                Inbox broken = new Inbox(_ -> 500);
                TestGateway gateway = gateway(upstream.port(), "{}", """
                        [{ webhook: "%s" }, { alertmanager: "%s" }, { email: { server: "127.0.0.1:%d", tls: none, from: gw@example.com, to: ops@example.com } }]
                        """.formatted(
                        hook.uri("/hook"), broken.uri(""), mail.getSmtp().getPort()))) {
            Response response = gateway.admin("POST", "/alerts/test", "");
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.body())
                    .contains("\"answer\": \"202\"")
                    .contains("\"answer\": \"answered 500 (expected: 200 to 299)\"")
                    .contains("\"answer\": \"accepted for 1 recipient\"");
            assertThat(hook.messages().getFirst().body()).contains("\"test\":true");
            assertThat(mail.waitForIncomingEmail(5_000, 1)).isTrue();
        } finally {
            mail.stop();
        }
    }

    @Test
    void operatorsListAndSilence() throws IOException {
        try (EvilUpstream.RefusingPort dead = new EvilUpstream.RefusingPort();
                Inbox inbox = Inbox.accepting();
                TestGateway gateway = gateway(
                        dead.port(),
                        "failing: { signal: errors, above: 5%, window: 3s, by: route }",
                        "[{ webhook: \"" + inbox.uri("/") + "\" }]")) {
            assertThat(gateway.admin("POST", "/alerts/silences?alert=failign&for=1h", "")
                            .body())
                    .contains("did you mean `failing`?");
            assertThat(gateway.admin("POST", "/alerts/silences?alert=failing&for=soon", "")
                            .status())
                    .isEqualTo(400);
            assertThat(gateway.admin("POST", "/alerts/silences?alert=failing&for=1h", "")
                            .status())
                    .isEqualTo(200);
            firing(gateway, Duration.ofSeconds(3), () -> get(gateway, "/orders/1", ""));
            String listed = gateway.admin("/alerts").body();
            assertThat(listed)
                    .contains("\"name\": \"failing\"", "\"state\": \"firing\"", "\"silenced-until\": \"2")
                    .contains("\"says\": \"errors above 5% by route\"");
            assertThat(inbox.messages()).isEmpty();
            assertThat(gateway.events()).contains("event=alert.silenced");
            assertThat(gateway.admin("DELETE", "/alerts/silences?alert=failing", "")
                            .status())
                    .isEqualTo(200);
            Eventually.until("it is told now", () -> {
                get(gateway, "/orders/1", "");
                return !inbox.messages().isEmpty();
            });
        }
    }

    @Test
    void aReloadKeepsAlertsOfRulesThatStay() throws IOException {
        String alerts = "failing: { signal: errors, above: 5%, window: 1s, for: 100ms, by: route }";
        try (EvilUpstream.RefusingPort dead = new EvilUpstream.RefusingPort();
                TestGateway gateway = gateway(dead.port(), alerts, "[]")) {
            Alert before = firing(gateway, Duration.ofSeconds(3), () -> get(gateway, "/orders/1", ""));
            String yaml = Files.readString(gateway.file());
            gateway.reload(yaml.replace("path: \"/accounts/**\"", "path: \"/users/**\""));
            get(gateway, "/orders/1", "");
            assertThat(gateway.gateway().alerts().all().getFirst().since()).isEqualTo(before.since());
            gateway.reload(yaml.replace("failing: {", "other: {"));
            assertThat(gateway.gateway().alerts().all())
                    .filteredOn(alert -> alert.rule().name().equals("failing"))
                    .allSatisfy(alert -> assertThat(alert.state()).isEqualTo(Alert.State.RESOLVED));
        }
    }
}
