package dev.sallyport.extension.token.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.state.MemoryState;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.SharedView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefreshTokensTest {
    private static final String ISSUER = "http://localhost/oauth";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private FakeServices services = new FakeServices();
    private final List<String> ended = new ArrayList<>();
    private boolean cannotEnd;
    private boolean down;
    private RefreshTokens tokens = tokens();
    private int accessTokens;

    @BeforeEach
    void setUp() {
        folder = temporary.resolve("data");
        restart();
    }

    /// Another process: nothing in memory, the same folder.
    private void restart() {
        services = new FakeServices(folder);
        services.at(START);
        tokens = tokens();
    }

    private RefreshTokens tokens() {
        return new RefreshTokens(
                ISSUER,
                services,
                (names, client) -> {
                    if (cannotEnd) {
                        throw OAuthException.unavailable();
                    }
                    names.forEach(name -> ended.add(client + ":" + name.id()));
                },
                EventLog.SILENT);
    }

    /// The name of the next access token, a minute long.
    private AccessTokens.Name name() {
        long now = services.clock().instant().getEpochSecond();
        return new AccessTokens.Name("access-" + accessTokens++, now + 60);
    }

    private String begun() throws OAuthException {
        return tokens.begin("app", "read", DAY, name()).token();
    }

    private String used(String token) throws OAuthException {
        return tokens.use(token, "app", name()).token();
    }

    private void refused(String token) {
        assertThatThrownBy(() -> used(token))
                .isInstanceOfSatisfying(
                        OAuthException.class, e -> assertThat(e.error()).isEqualTo("invalid_grant"));
    }

    @Test
    void eachTokenGivesTheNext() throws Exception {
        String first = begun();
        String second = used(first);
        String third = used(second);
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(tokens.use(third, "app", name()).family().scope()).isEqualTo("read");
    }

    @Test
    void OA_10_aTokenThatComesTwiceEndsItsFamily() throws Exception {
        String first = begun();
        String stolen = used(first);
        refused(first);
        refused(stolen);
    }

    @Test
    void OA_10_nothingWorksBeyondTheEndOfItsFamilyWhateverTheStateStillHolds() throws Exception {
        String token = begun();
        String space = "token-service/"
                + Base64.getUrlEncoder().encodeToString(Clients.sha256(ISSUER)).substring(0, 16);
        SharedState state = services.state();
        Map<String, byte[]> families = state.all(space).toCompletableFuture().get();
        assertThat(families).hasSize(1);
        for (Map.Entry<String, byte[]> one : families.entrySet()) {
            byte[] family = one.getValue();
            assertThat(state.replace(space, one.getKey(), family, family, DAY.multipliedBy(2))
                            .toCompletableFuture()
                            .get())
                    .isTrue();
        }
        services.at(START.plus(DAY));
        assertThat(state.all(space).toCompletableFuture().get()).hasSize(1);
        refused(token);
    }

    @Test
    void OA_10_concurrentRefreshWorksAtMostOnceAndEndsTheFamily() throws Exception {
        for (int round = 0; round < 50; round++) {
            String token = begun();
            List<String> next = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Callable<String> use = () -> {
                    try {
                        return used(token);
                    } catch (OAuthException e) {
                        return "";
                    }
                };
                for (Future<String> one : threads.invokeAll(List.of(use, use, use, use))) {
                    if (!one.get().isEmpty()) {
                        next.add(one.get());
                    }
                }
            }
            assertThat(next).hasSizeLessThanOrEqualTo(1);
            next.forEach(this::refused);
        }
    }

    @Test
    void OA_10_aRestartForgetsNeitherWhatWorksNorWhatWasUsed() throws Exception {
        String first = begun();
        String second = used(first);
        restart();
        String third = used(second);
        restart();
        refused(second);
        refused(third);
        restart();
        refused(third);
    }

    @Test
    void OA_10_aConcurrentReuseStaysRevokedAfterARestart() throws Exception {
        List<String> handed = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            String token = begun();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Callable<String> use = () -> {
                    try {
                        return used(token);
                    } catch (OAuthException e) {
                        return "";
                    }
                };
                for (Future<String> one : threads.invokeAll(List.of(use, use))) {
                    handed.add(one.get());
                }
            }
        }
        restart();
        handed.stream().filter(token -> !token.isEmpty()).forEach(this::refused);
    }

    @Test
    void OA_15_aRevokedTokenWorksNoMoreEvenAfterARestart() throws Exception {
        String token = begun();
        tokens.revoke(token, "app");
        refused(token);
        restart();
        refused(token);
    }

    @Test
    void OA_15_accessTokensEndWithTheRefreshTokensTheyCameWith() throws Exception {
        tokens.revoke(used(used(begun())), "app");
        assertThat(ended).containsExactly("app:access-0", "app:access-1", "app:access-2");
    }

    @Test
    void OA_10_aTokenThatComesTwiceTakesTheAccessTokensOfTheThiefBack() throws Exception {
        String first = begun();
        used(first);
        refused(first);
        assertThat(ended).containsExactly("app:access-0", "app:access-1");
    }

    @Test
    void accessTokensThatHaveEndedAreNotRemembered() throws Exception {
        String first = begun();
        services.at(START.plusSeconds(60));
        tokens.revoke(used(first), "app");
        assertThat(ended).containsExactly("app:access-1");
    }

    @Test
    void OA_15_whoIsToldThatARevocationFailedCanAskAgain() throws Exception {
        String token = begun();
        cannotEnd = true;
        assertThatThrownBy(() -> tokens.revoke(token, "app"))
                .isInstanceOfSatisfying(
                        OAuthException.class, e -> assertThat(e.status()).isEqualTo(503));
        refused(token);
        restart();
        cannotEnd = false;
        tokens.revoke(token, "app");
        assertThat(ended).containsExactly("app:access-0");
    }

    @Test
    void anotherClientCanNeitherUseNorRevokeATokenNorEndItsFamily() throws Exception {
        String token = begun();
        assertThatThrownBy(() -> tokens.use(token, "other", name())).isInstanceOf(OAuthException.class);
        tokens.revoke(token, "other");
        assertThat(used(token)).isNotEmpty();
    }

    @Test
    void allTokensOfAFamilyEndWithIt() throws Exception {
        String token = begun();
        services.at(START.plus(DAY.minusSeconds(1)));
        String next = used(token);
        services.at(START.plus(DAY));
        refused(next);
    }

    @Test
    void refusesWhatIsNoToken() throws Exception {
        String token = begun();
        refused("");
        refused("x".repeat(5000));
        refused("sprt_" + "A".repeat(22) + "." + "A".repeat(43));
        assertThat(used(token)).isNotEmpty();
    }

    @Test
    void theJournalHoldsNoTokensAndIsForItsOwnerOnly() throws Exception {
        String token = begun();
        Path journal = journal();
        assertThat(Files.readString(journal)).doesNotContain(token.substring(token.indexOf('.') + 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)))
                .isEqualTo("rw-------");
    }

    @Test
    void halfALineThatACrashLeftIsNobodysLoss() throws Exception {
        String token = begun();
        Files.writeString(journal(), "5f3759df half a li", StandardOpenOption.APPEND);
        restart();
        assertThat(used(token)).isNotEmpty();
    }

    @Test
    void aDamagedJournalGivesNoTokens() throws Exception {
        String token = begun();
        Files.writeString(journal(), Files.readString(journal()).replace("app", "abc"));
        restart();
        assertThatThrownBy(() -> used(token))
                .isInstanceOfSatisfying(
                        OAuthException.class, e -> assertThat(e.status()).isEqualTo(503));
        assertThatThrownBy(this::begun).isInstanceOf(OAuthException.class);
    }

    @Test
    void OA_10_whereGatewaysShareTheirStateNoJournalBringsAUsedTokenBack() throws Exception {
        SharedView state = new SharedView(new MemoryState(() -> START), () -> down);
        services = new FakeServices(folder, START, state);
        tokens = tokens();
        String first = begun();
        String second = used(first);
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            assertThat(files.filter(file -> file.toString().endsWith(".journal")))
                    .isEmpty();
        }
        assertThatThrownBy(() -> used(first)).isInstanceOf(OAuthException.class);
        assertThatThrownBy(() -> used(second)).isInstanceOf(OAuthException.class);
    }

    @Test
    void FA_13_G4_withoutTheStoreNoTokenIsGivenAndNoneUsedUp() throws Exception {
        SharedView state = new SharedView(new MemoryState(() -> START), () -> down);
        services = new FakeServices(folder, START, state);
        tokens = tokens();
        String first = begun();
        down = true;
        assertThatThrownBy(this::begun).isInstanceOf(OAuthException.class);
        assertThatThrownBy(() -> used(first)).isInstanceOf(OAuthException.class);
    }

    private Path journal() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
