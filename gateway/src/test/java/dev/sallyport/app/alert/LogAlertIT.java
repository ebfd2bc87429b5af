package dev.sallyport.app.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.SyslogCollector;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trouble with where the access log goes, planted at a real gateway, must be noticed in its stated time with the
/// right words, and no request may notice.
class LogAlertIT {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    private static TestGateway gateway(int upstream, String to, String alert) {
        return TestGateway.start("""
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0" }
                upstreams:
                  backend: { endpoints: ["http://127.0.0.1:%d"] }
                routes:
                  all: { match: { path: "/**" }, access: public, upstream: backend }
                observe:
                  access-log: { to: [stdout, %s] }
                  signals: { every: 100ms }
                  preset-alerts: false
                  alerts: { trouble: %s }
                """.formatted(upstream, to, alert));
    }

    private static void get(TestGateway gateway) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Alert firing(TestGateway gateway, Duration within) {
        Instant begun = Instant.now();
        Alert fired = Eventually.present("an alert fires", () -> {
            get(gateway);
            return gateway.gateway().alerts().all().stream()
                    .filter(alert -> alert.state() == Alert.State.FIRING)
                    .findFirst()
                    .orElse(null);
        });
        assertThat(Duration.between(begun, Instant.now())).isLessThan(within);
        return fired;
    }

    @Test
    void LG_08_FA_06_aFullDiskIsNoticedWithinThreeSecondsAndNoRequestIsLost() throws IOException {
        Assumptions.assumeTrue(Files.exists(FULL), "this system has no disk that is always full");
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = gateway(
                        upstream.port(),
                        "{ file: " + FULL + " }",
                        "{ signal: log-loss, above: 1/s, severity: critical }")) {
            upstream.answer(_ -> RecordingUpstream.ok("x"));
            Alert alert = firing(gateway, Duration.ofSeconds(3));
            assertThat(alert.sentence())
                    .matches("gateway: \\d+ log lines lost or not written in the last 1 s \\(allowed: 1/s\\)");
            assertThat(gateway.events().lines().filter(line -> line.contains("event=access_log.failing")))
                    .hasSize(1)
                    .allMatch(line -> line.contains("to=file") && line.contains("No space left on device"));
            int before = gateway.log().size();
            for (int i = 0; i < 20; i++) {
                get(gateway);
            }
            Eventually.until(
                    "standard output has all of them", () -> gateway.log().size() >= before + 20);
            assertThat(gateway.metrics())
                    .containsPattern("sallyport_access_log_write_errors_total\\{to=\"file\"} [1-9]")
                    .contains("sallyport_access_log_write_errors_total{to=\"stdout\"} 0");
        }
    }

    @Test
    void aFillingDiskIsNoticedWithinThreeSeconds() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = gateway(
                        upstream.port(),
                        "{ file: " + folder.resolve("access.jsonl") + " }",
                        "{ signal: log-disk, above: 0.1%, for: 300ms, severity: critical }")) {
            upstream.answer(_ -> RecordingUpstream.ok("x"));
            Alert alert = firing(gateway, Duration.ofSeconds(3));
            assertThat(alert.sentence())
                    .matches("gateway: the disk of the access log is filling: [\\d.]+ % \\(allowed: 0.1 %\\)");
        }
    }

    @Test
    void LG_08_aDeadCollectorIsNoticedOnceAndNoRequestWaits() throws IOException {
        int port;
        try (SyslogCollector gone = SyslogCollector.start()) {
            port = gone.port();
        }
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = gateway(
                        upstream.port(),
                        "{ syslog: \"tcp://127.0.0.1:" + port + "\" }",
                        "{ signal: log-loss, above: 1/s }")) {
            upstream.answer(_ -> RecordingUpstream.ok("x"));
            firing(gateway, Duration.ofSeconds(3));
            assertThat(gateway.events().lines().filter(line -> line.contains("event=access_log.failing")))
                    .hasSize(1)
                    .allMatch(line -> line.contains("to=syslog"));
            try (SyslogCollector back = SyslogCollector.at(port)) {
                Eventually.until("what waited comes", () -> back.messages().size() > 1);
                Eventually.until(
                        "it is told that it works again",
                        () -> gateway.events().contains("event=access_log.recovered"));
            }
        }
    }
}
