package dev.sallyport.extension.observe.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FullDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final EventLog events = new EventLog(told, EventLog.Format.LOGFMT);

    private Path file() {
        return folder.resolve("audit.jsonl");
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    private static Map<String, Double> figures(AuditLog log) {
        Map<String, Double> figures = new HashMap<>();
        log.collect((Metric metric, double value, String... labels) ->
                figures.put(metric.name() + String.join(",", labels), value));
        return figures;
    }

    private static double figure(AuditLog log, Metric metric) {
        return figures(log).getOrDefault(metric.name(), -1.0);
    }

    @Test
    void recordsWhoDidWhatWhyUnderWhichConfiguration() {
        Credential credential = new Credential("jwt", "https://id", "t-1", null, null, 0, Credential.NEVER);
        Exchange exchange = Logged.refused(
                Exchanges.request().method(Method.POST).path("/orders/7").query("token=secret"), Logged.DENIED);
        exchange.authenticated(new Principal("alice", "staff", null, Set.of(), Claims.NONE, credential));
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            log.record(exchange);
        }
        assertThat(Logged.entries(file()).get(1))
                .containsEntry("event", "access.denied")
                .containsEntry("time", "2026-11-25T04:00:00.007Z")
                .containsEntry("client.address", "192.0.2.7")
                .containsEntry("http.request.method", "POST")
                .containsEntry("server.address", "shop.example.com")
                .containsEntry("url.path", "/orders/7")
                .containsEntry("gateway.route", "orders")
                .containsEntry("gateway.reason", "role-missing")
                .containsEntry("user.id", "alice")
                .containsEntry("gateway.authenticator", "staff")
                .containsEntry("gateway.credential.id", "t-1")
                .containsEntry("gateway.config", "3-abc")
                .containsEntry("http.request.id", "0123456789abcdeffedcba9876543210")
                .doesNotContainKey("url.query");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 503})
    void LG_06_everyDenialIsRecorded(int status) {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            log.record(Logged.refused(Exchanges.request(), Refusal.of(status, "because", "t", "d")));
        }
        assertThat(Logged.entries(file()).get(1))
                .containsEntry("event", status == 503 ? "access.undecided" : "access.denied")
                .containsEntry("gateway.reason", "because");
    }

    @Test
    void whatIsNoDecisionIsNotRecorded() {
        try (AuditLog log = Logged.open(file(), Logged.ALL)) {
            for (int status : List.of(400, 404, 405, 413, 421, 500, 502)) {
                log.record(Logged.refused(Exchanges.request(), Refusal.of(status, "because", "t", "d")));
            }
            Exchange failed = Logged.refused(Exchanges.request(), Refusal.of(503, "upstream-no-endpoint", "t", "d"));
            failed.failed(Failure.NO_ENDPOINT);
            log.record(failed);
            log.record(Exchanges.request().ended("answered-before-anybody-was-asked", "/", 204));
        }
        assertThat(Logged.events(file())).containsExactly("audit_log.opened", "audit_log.closed");
    }

    @Test
    void LG_06_AZ_11_aBugThatRefusesAndAccessThatEndsAreRecorded() {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            Exchange bug = Logged.refused(Exchanges.request(), Refusal.of(500, "internal", "t", "d"));
            bug.failed(Failure.INTERNAL);
            log.record(bug);
            Exchange ended = Logged.allowed("stream", "/events");
            ended.failed(Failure.ACCESS_ENDED);
            log.record(ended);
        }
        assertThat(Logged.events(file()).subList(1, 3)).containsExactly("access.undecided", "access.ended");
        assertThat(Logged.entries(file()).get(2))
                .containsEntry("gateway.reason", "access-ended")
                .containsEntry("user.id", "alice");
    }

    @Test
    void allowsAreRecordedByChoice() {
        AuditSettings some = new AuditSettings(false, Set.of("orders"), 1 << 30, AuditSettings.ALL);
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            log.record(Logged.allowed("orders", "/not"));
            log.change(some);
            log.record(Logged.allowed("orders", "/chosen"));
            log.record(Logged.allowed("other", "/not"));
            log.change(Logged.ALL);
            log.record(Logged.allowed("other", "/all"));
        }
        assertThat(Logged.entries(file()).stream()
                        .filter(entry -> "access.allowed".equals(entry.get("event")))
                        .map(entry -> entry.get("url.path")))
                .containsExactly("/chosen", "/all");
        assertThat(Logged.entries(file()).get(1)).containsEntry("gateway.rule", "authenticated");
    }

    @Test
    void writesSoonWithoutBeingClosed() {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            log.record(Logged.denied("/1"));
            Eventually.until("it is on the disk", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) == 2);
            Logged.assertWhole(file());
            assertThat(log.state().sequence()).isEqualTo(2);
        }
    }

    @Test
    void isNotForEveryonesEyes() throws IOException {
        Logged.write(file(), 1);
        for (String name : List.of("audit.jsonl", ".audit.jsonl.head", ".audit.jsonl.lock")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .endsWith("---");
        }
    }

    @Test
    void LG_06_theChainGoesOnOverRestartsAndRotation() throws IOException {
        AuditSettings small = new AuditSettings(false, Set.of(), 2000, AuditSettings.ALL);
        for (int start = 0; start < 3; start++) {
            try (AuditLog log = Logged.open(file(), small)) {
                for (int i = 0; i < 30; i++) {
                    log.record(Logged.deniedTo(i));
                    long before = i;
                    Eventually.until("it is on the disk", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) > before);
                }
            }
        }
        Path[] files;
        try (var all = Files.list(folder)) {
            files = all.filter(path -> path.getFileName().toString().startsWith("audit.jsonl"))
                    .toArray(Path[]::new);
        }
        assertThat(files).hasSizeGreaterThan(5);
        assertThat(Logged.verify(files).problems()).isEmpty();
        assertThat(Logged.verify(files).notes()).isEmpty();
        for (Path file : files) {
            assertThat(Logged.events(file).getFirst()).isEqualTo("audit_log.opened");
        }
    }

    @Test
    void keepsSoManyOldFilesAndSaysWhichWentAway() throws IOException {
        AuditSettings small = new AuditSettings(false, Set.of(), 1000, 2);
        try (AuditLog log = Logged.open(file(), small)) {
            for (int i = 0; i < 40; i++) {
                log.record(Logged.deniedTo(i));
                long before = i;
                Eventually.until("it is on the disk", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) > before);
            }
        }
        List<OldFiles.Old> old = OldFiles.of(file());
        assertThat(old).hasSize(2);
        assertThat(Logged.verify(old.get(0).path(), old.get(1).path(), file()).problems())
                .isEmpty();
        assertThat(Logged.entries(old.get(1).path()))
                .anySatisfy(entry -> assertThat(entry)
                        .containsEntry("event", "audit_log.removed")
                        .containsKeys("file", "first", "last"));
    }

    @Test
    void anotherKeyBeginsAnotherFile() throws IOException {
        String other = "fedcba9876543210fedcba9876543210";
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, Logged.KEY, events)) {
            log.record(Logged.denied("/1"));
            Eventually.until("it is on the disk", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) == 2);
            log.sealWith(Seal.of(other));
            Eventually.until("another file", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) == 3);
            log.record(Logged.denied("/2"));
        }
        Path old = OldFiles.of(file()).getFirst().path();
        Verification.Options both = new Verification.Options(List.of(Logged.KEY, other), null, null, true);
        assertThat(Logged.verify(both, old, file()).problems()).isEmpty();
        assertThat(Logged.verify(new Verification.Options(List.of(other), null, null, true), old, file())
                        .problems())
                .extracting(Verification.Problem::kind)
                .containsExactly(Verification.Kind.KEY);
        // and at a start
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, Logged.KEY, events)) {
            log.record(Logged.denied("/3"));
        }
        List<OldFiles.Old> files = OldFiles.of(file());
        assertThat(files).hasSize(2);
        assertThat(Logged.verify(both, files.get(0).path(), files.get(1).path(), file())
                        .problems())
                .isEmpty();
    }

    @Test
    void onlyOneWritesAFile() throws IOException {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            assertThat(log.state().failing()).isFalse();
            assertThatThrownBy(() -> AuditFile.open(file(), null)).hasMessageContaining("that runs");
        }
        AuditFile.open(file(), null).close();
    }

    @Test
    void nothingElseIsTakenForAnAuditLog() throws IOException {
        Files.writeString(file(), "root:x:0:0\n");
        assertThatThrownBy(() -> AuditFile.open(file(), null)).hasMessageContaining("no audit log");
        assertThat(Files.readString(file())).isEqualTo("root:x:0:0\n");
    }

    @Test
    void LG_08_FA_06_aFullDiskIsToldCountedAndTriedAgainWithoutLoss() throws IOException {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, null, events)) {
            Eventually.until("it is opened", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) == 1);
            FullDisk disk = FullDisk.under(file());
            log.record(Logged.denied("/1"));
            Eventually.until("it is told", () -> told().contains("event=audit_log.failing"));
            assertThat(log.state().failing()).isTrue();
            assertThat(figure(log, Metrics.AUDIT_LOG_FAILING)).isEqualTo(1);
            assertThat(figure(log, Metrics.AUDIT_LOG_WRITE_ERRORS)).isPositive();
            // what a cut attempt left behind is written over
            Files.writeString(file(), "half a line", java.nio.file.StandardOpenOption.APPEND);
            log.record(Logged.denied("/2"));
            disk.mend();
            Eventually.until("it is written", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) == 3);
            Eventually.until("it is told", () -> told().contains("event=audit_log.recovered"));
            assertThat(log.state().failing()).isFalse();
        }
        assertThat(Logged.events(file()))
                .containsExactly("audit_log.opened", "access.denied", "access.denied", "audit_log.closed");
        Logged.assertWhole(file());
    }

    @Test
    void LG_08_whatDoesNotFitIsCountedInTheLogItself() throws IOException {
        FullDisk disk = FullDisk.under(file());
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, null, events)) {
            Eventually.until("it fails", () -> log.state().failing());
            for (int i = 0; i < 100; i++) {
                log.record(Logged.denied("/" + i));
            }
            assertThat(figures(log).get(Metrics.AUDIT_LOG_DROPPED.name() + "queue-full"))
                    .isEqualTo(36);
            disk.mend();
            Eventually.until("it is written", () -> !log.state().failing());
        }
        assertThat(Logged.entries(file()))
                .anySatisfy(entry -> assertThat(entry)
                        .containsEntry("event", "audit_log.lost")
                        .containsEntry("entries", 36L));
        Logged.assertWhole(file());
        assertThat(Logged.verify(file()).notes()).anyMatch(note -> note.contains("audit_log.lost"));
    }

    @Test
    void LG_08_aFloodOfDenialsIsCountedAndHidesNobody() {
        try (AuditLog log = new AuditLog(openFile(), Logged.ALL, 1, 4096, events)) {
            for (int i = 0; i < 2000; i++) {
                log.record(Logged.denied("/" + i));
            }
            log.record(Logged.deniedTo(9));
            log.record(Logged.allowed("orders", "/allowed"));
            Eventually.until("the others are there", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) == 3 + Flood.EACH);
            assertThat(figure(log, Metrics.AUDIT_LOG_COUNTED)).isEqualTo(2000 - Flood.EACH);
        }
        List<Map<String, Object>> entries = Logged.entries(file());
        assertThat(entries).hasSize(5 + Flood.EACH);
        assertThat(entries.get(Flood.EACH + 1)).containsEntry("url.path", "/9");
        assertThat(entries.get(Flood.EACH + 2)).containsEntry("event", "access.allowed");
        assertThat(entries.get(Flood.EACH + 3))
                .containsEntry("event", "access.repeated")
                .containsEntry("entries", 2000L - Flood.EACH)
                .containsEntry("gateway.reason", "role-missing")
                .containsEntry("client.network", "192.0.2.7");
        Logged.assertWhole(file());
    }

    @Test
    void LG_08_whatMustBeRecordedIsNeverOnlyCounted() {
        try (AuditLog log = new AuditLog(openFile(), Logged.DENIALS, 1, 4096, events)) {
            for (int i = 0; i < 100; i++) {
                Exchange exchange = Logged.denied("/" + i);
                assertThat(log.keepPlace(exchange)).isTrue();
                log.record(exchange);
            }
        }
        assertThat(Logged.entries(file())).hasSize(102);
    }

    private AuditFile openFile() {
        try {
            return AuditFile.open(file(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void LG_08_aRequiredRecordHasItsPlaceKept() throws IOException {
        try (AuditLog log = new AuditLog(AuditFile.open(file(), null), Logged.DENIALS, 1, 2, events)) {
            Exchange first = Logged.denied("/1");
            Exchange second = Logged.allowed("r", "/2");
            assertThat(log.keepPlace(first)).isTrue();
            assertThat(log.keepPlace(second)).isTrue();
            assertThat(log.keepPlace(Logged.denied("/3"))).isFalse();
            log.record(Logged.denied("/crowded-out"));
            log.record(first);
            log.record(second);
            assertThat(log.lost()).isEqualTo(1);
            Eventually.until("it is written", () -> figure(log, Metrics.AUDIT_LOG_ENTRIES) >= 3);
            assertThat(log.keepPlace(Logged.denied("/4"))).isTrue();
        }
        assertThat(Logged.entries(file()).stream().map(entry -> entry.get("url.path")))
                .contains("/1", "/2")
                .doesNotContain("/crowded-out");
    }

    @Test
    void LG_08_requiredRoutesRefuseWhileNothingCanBeRecorded() throws IOException {
        Audit audit = new Audit();
        Policy required = audit.required();
        assertThat(required.phase()).isEqualTo(Phase.SCREEN);
        assertUnavailable(required.decide(Logged.denied("/none")));
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, null, events)) {
            audit.use(log);
            assertThat(required.decide(Logged.denied("/a"))).isEqualTo(Decision.PROCEED);
            FullDisk disk = FullDisk.under(file());
            audit.record(Logged.denied("/b"));
            Eventually.until("it fails", () -> log.state().failing());
            assertUnavailable(required.decide(Logged.denied("/c")));
            disk.mend();
            Eventually.until("it is written", () -> !log.state().failing());
            assertThat(required.decide(Logged.denied("/d"))).isEqualTo(Decision.PROCEED);
        }
    }

    private static void assertUnavailable(Decision decision) {
        assertThat(decision).isInstanceOfSatisfying(Decision.Refuse.class, refuse -> {
            assertThat(refuse.refusal().status()).isEqualTo(503);
            assertThat(refuse.refusal().code()).isEqualTo("audit-unavailable");
        });
    }

    @Test
    void eventsThatBelongInItAreHeard() {
        Audit audit = new Audit();
        EventLog heard = events.heardBy(audit);
        heard.event(Event.CONFIG_LOADED, "config.version", "before there is a log");
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            audit.use(log);
            heard.event(Event.CONFIG_LOADED, "config.version", "2-abc", "count", 3, "hash", "x", "fits", true);
            heard.event(Event.DISCOVERY_CHANGED, "upstream", "not this one");
            audit.operatorDid("http.request.method", "POST", "url.path", "/reload", "url.query", "token=secret");
        }
        assertThat(told()).contains("2-abc", "not this one");
        List<Map<String, Object>> entries = Logged.entries(file());
        assertThat(entries).hasSize(4);
        assertThat(entries.get(1))
                .containsEntry("event", "config.loaded")
                .containsEntry("config.version", "2-abc")
                .containsEntry("count", 3L)
                .containsEntry("event.hash", "x")
                .containsEntry("fits", true);
        assertThat(entries.get(2)).containsEntry("event", "admin.request").containsEntry("url.path", "/reload");
        assertThat(entries.get(2).get("url.query")).isEqualTo("token=[redacted]");
        Logged.assertWhole(file());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\",\"event\":\"access.allowed\",\"x\":\"",
                "\u001b[31m",
                "a\nb",
                "\u2028\u2029",
                "\u009b31m",
                "\\",
                "\"}\n{\"sequence\":9",
                ",\"hash\":\"",
                "${jndi:ldap://x}"
            })
    void LG_01_LG_03_nothingForgesAnEntry(String forgery) throws IOException {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            Exchange exchange = Logged.denied("/x");
            if (forgery.chars().noneMatch(c -> c < ' ' || c == 0x7f)) {
                exchange.authenticated(new Principal(forgery, "staff", Set.of()));
            }
            log.record(exchange);
            log.record(Logged.denied("/" + forgery.replace('\u2028', 'x').replace('\u2029', 'x')));
            log.note(Note.now("admin.request", forgery, forgery));
        }
        assertThat(Files.readString(file()).lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line.chars())
                        .allMatch(
                                c -> c >= ' ' && c != 0x7f && c != 0x2028 && c != 0x2029 && !(c >= 0x80 && c < 0xa0)));
        assertThat(Logged.events(file()))
                .containsExactlyInAnyOrder(
                        "audit_log.opened", "access.denied", "access.denied", "admin.request", "audit_log.closed");
        Logged.assertWhole(file());
    }

    @Test
    void LG_02_aTokenInAPathIsNotWritten() throws IOException {
        String token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            log.record(Logged.denied("/t/" + token));
        }
        assertThat(Files.readString(file()))
                .doesNotContain(token, "c2lnbmF0dXJl")
                .contains("/t/[redacted]");
    }

    @Test
    void theDocumentNamesEveryKindOfEntry() throws IOException {
        String document = Files.readString(Path.of("../docs/audit-log.md"));
        for (AuditEntry entry : AuditEntry.values()) {
            assertThat(document).contains("| `" + entry.code() + "` | " + entry.meaning() + " |");
        }
    }

    @Test
    void LG_04_longPathsAreCut() {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS)) {
            log.record(Logged.denied("/" + "a".repeat(5000)));
        }
        assertThat(String.valueOf(Logged.entries(file()).get(1).get("url.path")))
                .hasSizeLessThan(1100)
                .contains("[truncated 3977]");
    }
}
