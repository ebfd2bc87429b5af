package dev.sallyport.extension.authn.jose.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.VerifyingKeys;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.TestKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteKeysTest {
    private static final TestKey OLD = TestKey.of("old", "ES256");
    private static final TestKey NEW = TestKey.of("new", "ES256");
    private static final Duration NEVER = Duration.ofHours(10);
    private static final RemoteKeys.Owner OWNER = new RemoteKeys.Owner("staff", "https://id.test");
    private static final Duration COOLDOWN = Duration.ofSeconds(15);

    private final FakeIssuer issuer = FakeIssuer.of(OLD);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private RemoteKeys keys = keys(NEVER);

    private RemoteKeys keys(Duration every) {
        return new RemoteKeys(
                OWNER,
                new RemoteKeys.Settings(every, COOLDOWN, Duration.ofHours(1)),
                () -> new KeySetFetch(issuer.name(), null, new KeySetReader(SignatureProvider.JDK), null),
                Thread::startVirtualThread,
                EventLog.SILENT,
                nanos::get);
    }

    @AfterEach
    void stop() {
        keys.close();
        issuer.close();
    }

    private static void await(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private KeySet current() {
        return Objects.requireNonNull(keys.current());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void refetch() throws Exception {
        await(Objects.requireNonNull(keys.refetch()));
    }

    @Test
    void findsKeysByDiscovery() throws Exception {
        assertThat(keys.current()).isNull();
        await(keys.start());
        assertThat(current().knows("old")).isTrue();
    }

    @Test
    void findsKeysByTheMetadataOfOAuth() throws Exception {
        String openid = "/realms/shop/.well-known/openid-configuration";
        issuer.document(openid, null)
                .document(
                        "/.well-known/oauth-authorization-server/realms/shop",
                        "{\"issuer\":\"" + issuer.name() + "\",\"jwks_uri\":\"" + issuer.keysUrl() + "\"}");
        await(keys.start());
        assertThat(current().knows("old")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "x", "?", "/../shop"})
    void JW_11_takesNoKeysOfAnIssuerThatSaysItIsAnother(String suffix) {
        issuer.document(
                "/realms/shop/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer.name() + suffix + "\",\"jwks_uri\":\"" + issuer.keysUrl() + "\"}");
        assertThatThrownBy(() -> await(keys.start())).hasMessageContaining("could not be fetched");
        assertThat(keys.current()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://192.0.2.1/keys", "file:///etc/passwd", "https://a:b@127.0.0.1/", "::"})
    void JW_19_asksNoUnsafeUrlForKeys(String url) {
        issuer.document(
                "/realms/shop/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer.name() + "\",\"jwks_uri\":\"" + url + "\"}");
        assertThatThrownBy(() -> await(keys.start())).hasMessageContaining("could not be fetched");
    }

    @Test
    void JW_18_asksOncePerCooldownWhateverComesOfIt() throws Exception {
        await(keys.start());
        issuer.status(500);
        refetch();
        for (int i = 0; i < 100; i++) {
            assertThat(keys.refetch()).isNull();
        }
        assertThat(issuer.keySetsServed()).isEqualTo(2);
        pass(COOLDOWN.minusMillis(1));
        assertThat(keys.refetch()).isNull();
        pass(Duration.ofMillis(1));
        issuer.status(200).keys(OLD, NEW);
        refetch();
        assertThat(current().knows("new")).isTrue();
        assertThat(issuer.keySetsServed()).isEqualTo(3);
    }

    @Test
    void JW_18_asksOnceForAllWhoWait() throws Exception {
        await(keys.start());
        CountDownLatch held = issuer.hold();
        CompletionStage<?> first = Objects.requireNonNull(keys.refetch());
        CompletionStage<?> second = Objects.requireNonNull(keys.refetch());
        assertThat(current().knows("old")).as("known keys are not affected").isTrue();
        issuer.keys(NEW);
        held.countDown();
        await(first);
        await(second);
        assertThat(current().knows("new")).isTrue();
        assertThat(issuer.keySetsServed()).isEqualTo(2);
    }

    @Test
    void JW_18_letsABoundedNumberWait() throws Exception {
        await(keys.start());
        CountDownLatch held = issuer.hold();
        CompletionStage<?> first = Objects.requireNonNull(keys.refetch());
        for (int i = 1; i < 1000; i++) {
            assertThat(Objects.requireNonNull(keys.refetch()).toCompletableFuture())
                    .isNotDone();
        }
        assertThat(Objects.requireNonNull(keys.refetch()).toCompletableFuture()).isCompletedExceptionally();
        held.countDown();
        await(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"})
    void JW_19_keepsTheLastGoodKeys(String served) throws Exception {
        await(keys.start());
        VerificationKey key = current().keys().getFirst();
        issuer.keys(served);
        refetch();
        assertThat(current().keys()).containsExactly(key);
        assertThat(key.retired()).isFalse();
    }

    @Test
    void JW_19_dropsKeysThatAreTooOld() throws Exception {
        await(keys.start());
        VerificationKey key = current().keys().getFirst();
        issuer.status(503);
        pass(Duration.ofMinutes(59));
        refetch();
        assertThat(keys.current()).isNotNull();
        pass(Duration.ofMinutes(2));
        refetch();
        assertThat(keys.current()).isNull();
        assertThat(key.retired()).isTrue();
    }

    @Test
    void JW_20_retiresAKeyThatIsGone() throws Exception {
        await(keys.start());
        VerificationKey key = current().keys().getFirst();
        issuer.keys(NEW);
        refetch();
        assertThat(key.retired()).isTrue();
        assertThat(current().knows("old")).isFalse();
    }

    @Test
    void fetchesAgainInTheBackground() throws Exception {
        keys = keys(Duration.ofMillis(20));
        await(keys.start());
        issuer.keys(NEW);
        Eventually.until("the new key is known", () -> current().knows("new"));
    }

    @Test
    void triesAgainWhenTheStartFailed() {
        keys = keys(Duration.ofMillis(20));
        issuer.status(500);
        assertThatThrownBy(() -> await(keys.start())).hasMessageContaining("could not be fetched");
        issuer.status(200);
        Eventually.until("keys are known", () -> keys.current() != null);
    }

    @Test
    void fetchesKeysFromAUrl() throws Exception {
        keys = new RemoteKeys(
                OWNER,
                new RemoteKeys.Settings(NEVER, COOLDOWN, NEVER),
                () -> new KeySetFetch(
                        null, URI.create(issuer.keysUrl()), new KeySetReader(SignatureProvider.JDK), null),
                Thread::startVirtualThread,
                EventLog.SILENT);
        await(keys.start());
        assertThat(current().knows("old")).isTrue();
    }

    @Test
    void tellsAgeAndFailures() throws Exception {
        await(keys.start());
        issuer.status(500);
        refetch();
        pass(Duration.ofSeconds(7));
        Map<String, Double> seen = new HashMap<>();
        MetricSink sink = (metric, value, labels) -> {
            assertThat(labels[0]).isEqualTo("staff");
            seen.put(metric.name() + (labels.length > 1 ? " " + labels[1] : ""), value);
        };
        keys.collect(sink);
        new VerifyingKeys(keys).collect(sink, "staff");
        assertThat(seen)
                .containsEntry("sallyport.key_set.fetches fetched", 1.0)
                .containsEntry("sallyport.key_set.fetches failed", 1.0)
                .containsEntry("sallyport.key_set.keys", 1.0);
        assertThat(seen.get("sallyport.key_set.age")).isCloseTo(7.0, within(1.0));
        assertThat(seen.get("sallyport.key_set.expiry"))
                .isCloseTo(Instant.now().plus(Duration.ofHours(1)).getEpochSecond() - 7.0, within(2.0));
    }

    @Test
    void tellsOperatorsWhichKeysThereAreAndForHowLong() throws Exception {
        VerifyingKeys inventory = new VerifyingKeys(keys);
        assertThat(inventory.knownKeys()).isEmpty();
        await(keys.start());
        KnownKey old = inventory.knownKeys().getFirst();
        assertThat(old.use()).isEqualTo(KnownKey.Use.VERIFY);
        assertThat(old.id()).isEqualTo("old");
        assertThat(old.origin()).isEqualTo("https://id.test");
        Instant in1Hour = Instant.now().plus(Duration.ofHours(1));
        assertThat(old.expires()).isCloseTo(in1Hour, within(5, ChronoUnit.SECONDS));
        issuer.keys(OLD, NEW);
        pass(COOLDOWN);
        refetch();
        assertThat(inventory.knownKeys()).extracting(KnownKey::id).containsExactly("old", "new");
        // one that stays is as old as it was
        assertThat(inventory.knownKeys().getFirst().since()).isEqualTo(old.since());
        assertThat(inventory.knownKeys().getLast().since()).isAfter(old.since());
    }
}
