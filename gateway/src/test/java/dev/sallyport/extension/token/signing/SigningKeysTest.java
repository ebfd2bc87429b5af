package dev.sallyport.extension.token.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SigningKeysTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final SigningSettings HOURLY =
            new SigningSettings(SigningAlgorithm.ES256, Duration.ofHours(1), Duration.ofMinutes(10));

    @TempDir
    private Path temporary;

    private FakeServices services = new FakeServices();
    private Path folder = Path.of("");

    @BeforeEach
    void setUp() {
        folder = temporary.resolve("data");
        services = new FakeServices(folder);
        services.at(START);
    }

    private SigningKeys opened(SigningSettings settings) throws IOException {
        SigningKeys keys = keys();
        keys.need(Duration.ofMinutes(5));
        keys.open(settings);
        return keys;
    }

    private SigningKeys keys() {
        return new SigningKeys(new AtOnce(services), EventLog.SILENT);
    }

    /// Services that do at once what blocks.
    private record AtOnce(Services real) implements Services {
        @Override
        public SharedState state() {
            return real.state();
        }

        @Override
        public Executor blocking() {
            return Runnable::run;
        }

        @Override
        public InstantSource clock() {
            return real.clock();
        }

        @Override
        public Path folder() {
            return real.folder();
        }
    }

    private static String signed(SigningKeys keys) throws Exception {
        return keys.sign("at+jwt", Map.of("sub", "a", "aud", List.of("b")))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static boolean verifies(String token, SigningKeys keys) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWK key = published(keys).getKeyByKeyId(jwt.getHeader().getKeyID());
        if (key == null) {
            return false;
        }
        JWSVerifier verifier = new ECDSAVerifier(key.toECKey());
        return jwt.verify(verifier);
    }

    private static JWKSet published(SigningKeys keys) throws Exception {
        return JWKSet.parse(new String(keys.publicSet(), StandardCharsets.UTF_8));
    }

    @Test
    void signsWithEs256UnlessToldOtherwise() throws Exception {
        SigningKeys keys = opened(SigningSettings.USUAL);
        String token = signed(keys);
        SignedJWT jwt = SignedJWT.parse(token);
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        assertThat(jwt.getHeader().getType().getType()).isEqualTo("at+jwt");
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("a");
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("b");
        assertThat(verifies(token, keys)).isTrue();
    }

    @Test
    void signsWithEd25519WhenToldTo() throws Exception {
        SigningKeys keys =
                opened(new SigningSettings(SigningAlgorithm.EDDSA, Duration.ofHours(1), Duration.ofMinutes(10)));
        String token = signed(keys);
        String[] parts = token.split("\\.", -1);
        JWK jwk = published(keys).getKeys().getFirst();
        byte[] point = jwk.toOctetKeyPair().getDecodedX();
        byte[] encoded = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(point));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(verifier.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(SignedJWT.parse(token).getHeader().getAlgorithm().getName()).isEqualTo("EdDSA");
        assertThat(signed(opened(HOURLY)))
                .as("the kept key signs on until the next may")
                .contains(parts[0]);
    }

    @Test
    void publishesNoPrivateParts() throws Exception {
        SigningKeys keys = opened(HOURLY);
        assertThat(published(keys).getKeys()).hasSize(1).noneMatch(JWK::isPrivate);
        assertThat(keys.knownKeys().toString()).doesNotContain("\"d\"");
    }

    @Test
    void keepsTheFileFromOthers() throws Exception {
        opened(HOURLY);
        assertThat(permissions(folder)).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("signing-keys.jwks.json"))).isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("signing-keys.jwks.json", "signing-keys.lock");
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void findsItsKeysAgainAfterARestart() throws Exception {
        String token = signed(opened(HOURLY));
        assertThat(verifies(token, opened(HOURLY))).isTrue();
        assertThat(signed(opened(HOURLY)).split("\\.", -1)[0]).isEqualTo(token.split("\\.", -1)[0]);
    }

    @Test
    void AK_05_eachFolderHasKeysOfItsOwn() throws Exception {
        SigningKeys one = opened(HOURLY);
        SigningKeys other = new SigningKeys(new FakeServices(temporary.resolve("other")), EventLog.SILENT);
        other.need(Duration.ofMinutes(5));
        other.open(HOURLY);
        assertThat(verifies(signed(one), other)).isFalse();
    }

    @Test
    void refusesKeysThatOthersMayHaveRead() throws Exception {
        opened(HOURLY);
        Path file = folder.resolve("signing-keys.jwks.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> opened(HOURLY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rw-r--r--")
                .hasMessageContaining("expected: rw-------");
    }

    @Test
    void refusesAFileThatIsNoKeySetAndLeavesItAlone() throws Exception {
        opened(HOURLY);
        Path file = folder.resolve("signing-keys.jwks.json");
        Files.writeString(file, "{\"keys\":[{\"kty\":\"EC\",\"d\":\"c2VjcmV0\"");
        assertThatThrownBy(() -> opened(HOURLY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a set of signing keys")
                .hasMessageNotContaining("c2VjcmV0")
                .hasNoCause();
        assertThat(file).content().contains("c2VjcmV0");
    }

    @Test
    void signsNothingBeforeItIsOpened() {
        SigningKeys keys = keys();
        assertThat(keys.needed()).isFalse();
        assertThat(keys.knownKeys()).isEmpty();
        assertThatThrownBy(() -> signed(keys))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("never opened");
        assertThat(folder).doesNotExist();
    }

    @Test
    void publishesTheNextKeyBeforeItSignsAndTheOldOneAsLongAsItsTokensCount() throws Exception {
        SigningKeys keys = opened(HOURLY);
        String old = kid(signed(keys));

        services.at(START.plus(Duration.ofMinutes(51)));
        assertThat(published(keys).getKeys()).as("the next is published").hasSize(2);
        assertThat(kid(signed(keys))).as("and does not sign yet").isEqualTo(old);

        services.at(START.plus(Duration.ofMinutes(62)));
        String last = signed(keys);
        assertThat(kid(last)).isNotEqualTo(old);
        assertThat(published(keys).getKeyByKeyId(old))
                .as("tokens of five minutes still count")
                .isNotNull();

        services.at(START.plus(Duration.ofMinutes(69)));
        assertThat(published(keys).getKeyByKeyId(old)).isNull();
        assertThat(verifies(last, keys)).isTrue();
        assertThat(Files.readString(folder.resolve("signing-keys.jwks.json"))).doesNotContain(old);
    }

    private static String kid(String token) throws Exception {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    @Test
    void remembersHowLongTokensCountWhenLaterOnesCountShorter() throws Exception {
        SigningKeys before = keys();
        before.need(Duration.ofHours(2));
        before.open(HOURLY);
        String token = signed(before);
        SigningKeys keys = opened(HOURLY);
        services.at(START.plus(Duration.ofMinutes(55)));
        assertThat(kid(signed(keys))).isEqualTo(kid(token));
        services.at(START.plus(Duration.ofMinutes(70)));
        assertThat(kid(signed(keys))).isNotEqualTo(kid(token));
        services.at(START.plus(Duration.ofMinutes(115)));
        assertThat(verifies(token, keys)).isTrue();
    }

    @Test
    void rotatesOnDemandWithOverlap() throws Exception {
        SigningKeys keys = opened(HOURLY);
        String token = signed(keys);
        KnownKey next = keys.rotate();
        assertThat(next.state()).isEqualTo("next");
        assertThat(keys.rotate().id()).as("one is on its way").isEqualTo(next.id());
        assertThat(keys.knownKeys()).extracting(KnownKey::state).containsExactly("signing", "next");
        services.at(START.plus(Duration.ofMinutes(11)));
        assertThat(kid(signed(keys))).isEqualTo(next.id());
        assertThat(verifies(token, keys)).isTrue();
        assertThat(keys.knownKeys()).extracting(KnownKey::state).containsExactly("retired", "signing");
    }

    @Test
    void replacesKeysThatOthersMayKnowAtOnce() throws Exception {
        SigningKeys keys = opened(HOURLY);
        String token = signed(keys);
        KnownKey only = keys.replace();
        assertThat(kid(signed(keys))).isEqualTo(only.id());
        assertThat(verifies(token, keys)).isFalse();
    }

    @Test
    void everybodyCanVerifyWhateverMomentOfARotationItIs() throws Exception {
        SigningKeys keys = opened(HOURLY);
        JWKSet fetched = published(keys);
        Instant fetchedAt = START;
        for (int minute = 0; minute < 300; minute++) {
            services.at(START.plus(Duration.ofMinutes(minute)));
            if (Duration.between(fetchedAt, services.clock().instant()).toMinutes() >= 9) {
                fetched = published(keys);
                fetchedAt = services.clock().instant();
            }
            assertThat(fetched.getKeyByKeyId(kid(signed(keys))))
                    .as("minute " + minute)
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void signsAlikeWithWhateverCodeTheMachineHas(SigningAlgorithm algorithm) throws Exception {
        SigningKey key = SigningKey.make(algorithm, START, START);
        byte[] input = "input".getBytes(StandardCharsets.US_ASCII);
        Signature verifier = Signature.getInstance(algorithm.signature());
        for (@Nullable Provider provider : new @Nullable Provider[] {null, AmazonCorrettoCryptoProvider.INSTANCE}) {
            verifier.initVerify(publicKey(key));
            verifier.update(input);
            assertThat(verifier.verify(key.sign(input, provider))).isTrue();
        }
    }

    private static PublicKey publicKey(SigningKey key) throws Exception {
        if (key.jwk() instanceof ECKey ec) {
            return ec.toECPublicKey();
        }
        String point = HexFormat.of().formatHex(key.jwk().toOctetKeyPair().getDecodedX());
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex("302a300506032b6570032100" + point)));
    }
}
