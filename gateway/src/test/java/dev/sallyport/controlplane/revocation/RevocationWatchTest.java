package dev.sallyport.controlplane.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.access.Revocations.Standing;
import dev.sallyport.api.access.Revoker;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.controlplane.config.RevocationConfig;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationWatchTest {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Principal CALLER = new Principal(
            "alice",
            "staff",
            null,
            Set.of(),
            Claims.NONE,
            new Credential("jwt", "https://id.test", "token-7", null, null, 0, Credential.NEVER));

    @TempDir
    private Path folder = Path.of("");

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger changes = new AtomicInteger();
    private final LongAdder looks = new LongAdder();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(logged, EventLog.Format.LOGFMT);
    private final List<RevocationWatch> started = new ArrayList<>();

    /// A gateway's view.
    private record Node(LiveRevocations live, RevocationWatch watch) {
        Standing standing() {
            return live.standing(CALLER);
        }
    }

    private Node node(Services services, @Nullable Path list) throws IOException {
        LiveRevocations live = new LiveRevocations();
        RevocationWatch watch = new RevocationWatch(live, services, log, changes::incrementAndGet, () -> {
            looks.increment();
            return System.nanoTime() + nanos.get();
        });
        watch.prepare(config(list)).use();
        started.add(watch);
        return new Node(live, watch);
    }

    private static RevocationConfig config(@Nullable Path list) {
        return new RevocationConfig(list, SOON, Duration.ofSeconds(60));
    }

    private Path list(String yaml) throws IOException {
        return Files.writeString(folder.resolve("revoked.yaml"), yaml);
    }

    private FakeServices services() {
        return new FakeServices(folder.resolve("data"));
    }

    private static Revocation jti(String id) {
        return new Revocation(id, null, null, null, null, null, null, null, "");
    }

    private String events() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() {
        started.forEach(RevocationWatch::close);
    }

    // ---- the list

    @Test
    void OA_15_aWrittenListTakesEffectByItself() throws IOException {
        Path list = list("revoked: []\n");
        Node node = node(services(), list);
        assertThat(node.standing()).isEqualTo(Standing.GOOD);
        Files.writeString(list, "revoked:\n  - { jti: token-7, issuer: https://id.test, reason: lost }\n");
        Eventually.until("revoked", () -> node.standing() == Standing.REVOKED);
        Eventually.until("loops are told", () -> changes.get() == 1);
        Files.writeString(list, "revoked: []\n");
        Eventually.until("good again", () -> node.standing() == Standing.GOOD);
    }

    @Test
    void aListThatIsReplacedByARenameIsRead() throws IOException {
        Path list = list("revoked: []\n");
        Node node = node(services(), list);
        Path next = Files.writeString(folder.resolve("next.yaml"), "revoked: [{ subject: alice }]\n");
        Files.move(next, list, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        Eventually.until("revoked", () -> node.standing() == Standing.REVOKED);
    }

    @Test
    void aBrokenListIsRefusedAtTheStart() throws IOException {
        Path list = list("revoked: [{ jti: a, sbject: b }]\n");
        assertThatThrownBy(() -> node(services(), list))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("revoked.yaml:1:")
                .hasMessageContaining("sbject");
        assertThatThrownBy(() -> node(services(), folder.resolve("absent.yaml")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void OA_15_aListThatBreaksKeepsWhatItSaidAndFailsClosedInTheEnd() throws IOException {
        Path list = list("revoked: [{ jti: token-7 }]\n");
        Node node = node(services(), list);
        for (String broken : List.of("", "revoked: [{ jti: tok", "revoked:\n  - jti: [a]\n")) {
            Files.writeString(list, broken);
            Eventually.until("noticed", () -> events().contains("event=revocation.unreadable"));
            assertThat(node.standing()).isEqualTo(Standing.REVOKED);
        }
        Principal other = new Principal("bob", "staff", Set.of());
        assertThat(node.live().standing(other)).isEqualTo(Standing.GOOD);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        Eventually.until("unknown", () -> node.live().standing(other) == Standing.UNKNOWN);
        assertThat(node.standing()).isEqualTo(Standing.REVOKED);
        Eventually.until("told", () -> events().contains("event=revocation.unknown"));
        Files.writeString(list, "revoked: []\n");
        Eventually.until("good again", () -> node.live().standing(other) == Standing.GOOD);
        Eventually.until("told", () -> events().contains("event=revocation.readable"));
    }

    @Test
    void OA_15_aListThatVanishesFailsClosedInTheEnd() throws IOException {
        Path list = list("revoked: []\n");
        Node node = node(services(), list);
        Files.delete(list);
        Eventually.until("noticed", () -> events().contains("there is no such file"));
        assertThat(node.standing()).isEqualTo(Standing.GOOD);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        Eventually.until("unknown", () -> node.standing() == Standing.UNKNOWN);
    }

    @Test
    void entriesEndAtTheirTime() throws IOException {
        FakeServices services = services();
        Path list = list("revoked: [{ jti: token-7, expires: 2026-01-01T01:00:00Z }]\n");
        Node node = node(services, list);
        assertThat(node.standing()).isEqualTo(Standing.REVOKED);
        services.at(Instant.parse("2026-01-01T01:00:00Z"));
        Eventually.until("forgotten", () -> node.standing() == Standing.GOOD);
    }

    // ---- operators

    @Test
    void OA_15_whatAnOperatorRevokesCountsAtOnceAndSurvivesARestart() throws IOException {
        Node node = node(services(), null);
        node.watch().revoke(jti("token-7"));
        assertThat(node.standing()).isEqualTo(Standing.REVOKED);
        assertThat(changes).hasValue(1);

        Node again = node(services(), null);
        assertThat(again.standing()).isEqualTo(Standing.REVOKED);
        assertThat(again.watch().undo(jti("token-7").id())).isTrue();
        assertThat(again.standing()).isEqualTo(Standing.GOOD);
        assertThat(again.watch().undo(jti("token-7").id())).isFalse();

        assertThat(node(services(), null).standing()).isEqualTo(Standing.GOOD);
        assertThat(events()).contains("event=revocation.made", "event=revocation.undone");
    }

    @Test
    void AK_04_gatewaysThatShareStateLearnFromEachOther() throws IOException {
        FakeServices shared = services();
        Node one = node(shared, null);
        Node other = node(in(shared.state(), shared.clock(), folder.resolve("elsewhere")), null);
        one.watch().revoke(jti("token-7"));
        Eventually.until("told", () -> other.standing() == Standing.REVOKED);
        assertThat(folder.resolve("elsewhere/revocations")).isNotEmptyDirectory();
        other.watch().undo(jti("token-7").id());
        Eventually.until("told", () -> one.standing() == Standing.GOOD);
        one.watch().revoke(jti("token-7"));
        Eventually.until("told", () -> other.standing() == Standing.REVOKED);
    }

    @Test
    void DO_20_stateThatIsSlowIsWaitedForWithoutTurningInCircles() throws IOException {
        FakeServices shared = services();
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean slow = new AtomicBoolean();
        SharedState state = (SharedState) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SharedState.class}, (proxy, method, arguments) -> {
                    if (slow.get()) {
                        asked.incrementAndGet();
                        return new CompletableFuture<>();
                    }
                    return method.invoke(shared.state(), arguments);
                });
        node(in(state, shared.clock(), shared.folder()), null);
        slow.set(true);
        Eventually.until("it waits", () -> asked.get() > 0);
        long before = looks.sum();
        long began = System.nanoTime();
        Eventually.until(
                "a while",
                () -> System.nanoTime() - began > Duration.ofMillis(500).toNanos());
        assertThat(looks.sum() - before).isLessThan(1000);
    }

    @Test
    void stateThatForgetsIsToldAgain() throws IOException {
        node(services(), null).watch().revoke(jti("token-7"));
        FakeServices empty = services();
        Node one = node(empty, null);
        assertThat(one.standing()).isEqualTo(Standing.REVOKED);
        Node other = node(in(empty.state(), empty.clock(), folder.resolve("elsewhere")), null);
        assertThat(other.standing()).isEqualTo(Standing.REVOKED);
    }

    @Test
    void OA_15_stateThatCannotBeAskedFailsClosedInTheEnd() throws IOException {
        FakeServices shared = services();
        AtomicInteger broken = new AtomicInteger();
        SharedState state = (SharedState) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SharedState.class}, (proxy, method, arguments) -> {
                    if (broken.get() > 0) {
                        return CompletableFuture.failedFuture(new IOException("no connection"));
                    }
                    return method.invoke(shared.state(), arguments);
                });
        Node node = node(in(state, shared.clock(), shared.folder()), null);
        broken.set(1);
        assertThatThrownBy(() -> node.watch().revoke(jti("token-7")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no connection");
        Eventually.until("noticed", () -> events().contains("event=revocation.unreadable"));
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        Eventually.until("unknown", () -> node.standing() == Standing.UNKNOWN);
        broken.set(0);
        Eventually.until("known again", () -> node.standing() != Standing.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/revocations", "data/revocations/tokens"})
    void OA_15_notesThatCannotBeReadFailClosedInTheEnd(String notes) throws IOException {
        Node node = node(services(), null);
        Path damaged = Files.createDirectories(folder.resolve(notes)).resolve("0123456789abcdef.json");
        Files.writeString(damaged, "{\"revocation\": {\"jti\"");
        Eventually.until("noticed", () -> events().contains("event=revocation.unreadable"));
        assertThat(node.standing()).isEqualTo(Standing.GOOD);
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        Eventually.until("unknown", () -> node.standing() == Standing.UNKNOWN);
        Files.delete(damaged);
        Eventually.until("known again", () -> node.standing() == Standing.GOOD);
    }

    @Test
    void aDamagedNoteIsRefusedAtTheStart() throws IOException {
        Path kept = folder.resolve("data/revocations");
        Files.createDirectories(kept);
        Files.writeString(kept.resolve("0123456789abcdef.json"), "{\"revocation\": {\"jti\"");
        assertThatThrownBy(() -> node(services(), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0123456789abcdef.json");
    }

    @Test
    void notesAreForTheGatewaysUserOnly() throws IOException {
        node(services(), null).watch().revoke(jti("token-7"));
        Path kept = folder.resolve("data/revocations");
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        assertThat(kept.resolve(jti("token-7").id() + ".json")).exists();
    }

    // ---- clients

    private static Revoker.IssuedToken issued(String id, String client) {
        return new Revoker.IssuedToken("https://id.test", id, client, Instant.parse("2026-01-01T00:05:00Z"));
    }

    @Test
    void OA_15_whatAClientRevokesCountsAtOnceAndSurvivesARestart() throws IOException {
        Node node = node(services(), null);
        node.watch().revoke(issued("token-7", "app"));
        assertThat(node.standing()).isEqualTo(Standing.REVOKED);
        assertThat(changes).hasValue(1);
        FakeServices services = services();
        Node again = node(services, null);
        assertThat(again.standing()).isEqualTo(Standing.REVOKED);
        services.at(Instant.parse("2026-01-01T00:05:00Z"));
        Eventually.until("forgotten", () -> again.standing() == Standing.GOOD);
        Eventually.until("removed", () -> again.watch().byClients().isEmpty());
    }

    @Test
    void aClientRevokesTokensOfItsIssuerOnly() throws IOException {
        Node node = node(services(), null);
        Instant ends = Instant.parse("2026-01-01T00:05:00Z");
        node.watch().revoke(new Revoker.IssuedToken("https://other.test", "token-7", "app", ends));
        assertThat(node.standing()).isEqualTo(Standing.GOOD);
    }

    @Test
    void aClientThatRevokesWithoutEndLeavesRoomForOthersAndForOperators() throws IOException {
        Path notes = Files.createDirectories(folder.resolve("data/revocations/tokens"));
        for (int i = 0; i < 1000; i++) {
            Revocation one = new Revocation(
                    "t" + i,
                    null,
                    null,
                    null,
                    null,
                    "https://id.test",
                    null,
                    Instant.parse("2026-01-01T00:05:00Z"),
                    "");
            RevocationNote note = new RevocationNote(one, Instant.parse("2026-01-01T00:00:00Z"), false, "flood");
            Files.write(notes.resolve(one.id() + ".json"), note.json());
        }
        Node node = node(services(), null);
        assertThatThrownBy(() -> node.watch().revoke(issued("more", "flood")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("flood");
        node.watch().revoke(issued("token-7", "app"));
        assertThat(node.standing()).isEqualTo(Standing.REVOKED);
        node.watch().revoke(jti("other"));
    }

    private static Services in(SharedState state, InstantSource clock, Path folder) {
        return new Services() {
            @Override
            public SharedState state() {
                return state;
            }

            @Override
            public Executor blocking() {
                return Thread::startVirtualThread;
            }

            @Override
            public InstantSource clock() {
                return clock;
            }

            @Override
            public Path folder() {
                return folder;
            }
        };
    }
}
