package dev.sallyport.extension.authn.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedTokenTest {
    private static final TestKey KEY = TestKey.of("k1", "ES256");
    private static final RSAKey RSA;
    private static final ECKey EC;
    private static final OctetSequenceKey AES;
    private static final OctetSequenceKey DIRECT;

    static {
        try {
            RSA = new RSAKeyGenerator(2048).keyID("rsa").generate();
            EC = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
            AES = new OctetSequenceKeyGenerator(128).keyID("aes").generate();
            DIRECT = new OctetSequenceKeyGenerator(512).keyID("dir").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @TempDir
    private Path folder = Path.of("");

    private final JwtBench bench = new JwtBench(KEY);

    private Path keys = Path.of("");

    @BeforeEach
    void writeKeys() throws IOException {
        keys = folder.resolve("decrypt.json");
        Files.writeString(keys, new JWKSet(List.of(RSA, EC, AES, DIRECT)).toString(false));
    }

    private static String encrypt(JWEHeader header, JWEEncrypter encrypter, String inside) throws JOSEException {
        JWEObject object = new JWEObject(header, new Payload(inside));
        object.encrypt(encrypter);
        return object.serialize();
    }

    private static JWEHeader.Builder header(JWEAlgorithm algorithm, EncryptionMethod method, JWK key) {
        return new JWEHeader.Builder(algorithm, method).keyID(key.getKeyID()).contentType("JWT");
    }

    private static String toRsa(String inside) throws JOSEException {
        return encrypt(
                header(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, RSA).build(),
                new RSAEncrypter(RSA),
                inside);
    }

    private Authentication show(String token) {
        return show(bench.jwt("decrypt: " + keys), token);
    }

    private static Authentication show(Authenticator jwt, String token) {
        return Settled.of(jwt.authenticate(JwtBench.bearer(token)));
    }

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128CBC_HS256, RSA),
                Arguments.of(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, RSA),
                Arguments.of(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM, EC),
                Arguments.of(JWEAlgorithm.ECDH_ES_A128KW, EncryptionMethod.A192GCM, EC),
                Arguments.of(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256CBC_HS512, EC),
                Arguments.of(JWEAlgorithm.A128KW, EncryptionMethod.A192CBC_HS384, AES),
                Arguments.of(JWEAlgorithm.A128GCMKW, EncryptionMethod.A128GCM, AES),
                Arguments.of(JWEAlgorithm.DIR, EncryptionMethod.A256CBC_HS512, DIRECT));
    }

    private static JWEEncrypter encrypter(JWEAlgorithm algorithm, JWK key) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> new RSAEncrypter(rsa);
            case ECKey ec -> new ECDHEncrypter(ec);
            case OctetSequenceKey secret when algorithm.equals(JWEAlgorithm.DIR) -> new DirectEncrypter(secret);
            default -> new AESEncrypter((OctetSequenceKey) key);
        };
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void opensTokens(JWEAlgorithm algorithm, EncryptionMethod method, JWK key) throws JOSEException {
        String token =
                encrypt(header(algorithm, method, key).build(), encrypter(algorithm, key), KEY.token(bench.claims("")));
        Authenticator jwt = bench.jwt("decrypt: " + keys);
        assertThat(show(jwt, token)).isInstanceOf(Authentication.Proven.class);
        assertThat(jwt.authenticate(JwtBench.bearer(token))).as("remembered").isInstanceOf(Authentication.Proven.class);
    }

    @Test
    void JW_13_takesNothingThatIsNotSignedInside() throws JOSEException {
        String none = TestKey.base64("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + TestKey.base64(bench.claims("").getBytes(StandardCharsets.UTF_8)) + ".";
        for (String inside : List.of(
                bench.claims(""),
                none,
                KEY.token("{\"alg\":\"none\"}", bench.claims("")),
                TestKey.of("forged", "ES256").token("{\"alg\":\"ES256\",\"kid\":\"k1\"}", bench.claims("")),
                toRsa(KEY.token(bench.claims(""))),
                "")) {
            assertThat(Settled.refusal(show(toRsa(inside))).status()).as(inside).isEqualTo(401);
        }
        assertThat(show(toRsa(KEY.token(bench.claims(""))))).isInstanceOf(Authentication.Proven.class);
    }

    @Test
    void JW_13_checksTheClaimsInside() throws JOSEException {
        assertThat(Settled.refusal(show(toRsa(KEY.token(bench.claimsWith("exp", "1")))))
                        .code())
                .isEqualTo("token-expired");
        assertThat(show(toRsa(KEY.token(bench.claimsWith("iss", "\"https://other.example\"")))))
                .isInstanceOf(Authentication.Unclaimed.class);
    }

    @Test
    void JW_14_takesNoPasswords() throws JOSEException {
        JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.PBES2_HS256_A128KW, EncryptionMethod.A128GCM)
                .keyID("aes")
                .contentType("JWT")
                .build();
        byte[] password = AES.toByteArray();
        String token = encrypt(header, new PasswordBasedEncrypter(password, 16, 1000), KEY.token(bench.claims("")));
        assertThat(Settled.refusal(show(token)).code()).isEqualTo("token-encryption");
    }

    @Test
    @SuppressWarnings("deprecation") // what is deprecated there is what must not be taken here
    void JW_16_takesNoRsa15() throws JOSEException {
        String token = encrypt(
                header(JWEAlgorithm.RSA1_5, EncryptionMethod.A128GCM, RSA).build(),
                new RSAEncrypter(RSA),
                KEY.token(bench.claims("")));
        assertThat(Settled.refusal(show(token)).code()).isEqualTo("token-encryption");
    }

    @Test
    void JW_16_everyFailureIsTheSame() throws JOSEException {
        String good = toRsa(KEY.token(bench.claims("")));
        String[] parts = good.split("\\.", -1);
        String plain = told(show(toRsa("x")));
        for (int part = 1; part < 5; part++) {
            String[] changed = parts.clone();
            changed[part] = (changed[part].startsWith("A") ? "B" : "A") + changed[part].substring(1);
            assertThat(told(show(String.join(".", changed)))).isEqualTo(plain);
        }
        String noType = encrypt(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .keyID("rsa")
                        .build(),
                new RSAEncrypter(RSA),
                KEY.token(bench.claims("")));
        assertThat(told(show(noType))).isEqualTo(plain);
    }

    /// All that a caller gets to know.
    private static String told(Authentication found) {
        Refusal refusal = Settled.refusal(found);
        return refusal.status() + refusal.code() + refusal.detail() + refusal.headers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"apu\"", "\"apv\""})
    void JW_16_takesNoLongPartyInformation(String member) {
        String header = "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"kid\":\"ec\",\"cty\":\"JWT\"," + member + ":\""
                + "A".repeat(2000) + "\"}";
        String token = TestKey.base64(header.getBytes(StandardCharsets.UTF_8)) + "..AAAA.AAAA.AAAA";
        assertThat(Settled.refusal(show(token)).code()).isEqualTo("token-encryption");
    }

    @Test
    void JW_04_takesNoPointThatIsNotOnTheCurve() {
        String header =
                "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"kid\":\"ec\",\"cty\":\"JWT\",\"epk\":{\"kty\":\"EC\","
                        + "\"crv\":\"P-256\",\"x\":\"" + TestKey.base64(new byte[32]) + "\",\"y\":\""
                        + TestKey.base64(new byte[32]) + "\"}}";
        String token = TestKey.base64(header.getBytes(StandardCharsets.UTF_8)) + "..AAAA.AAAA.AAAA";
        assertThat(Settled.refusal(show(token)).code()).isEqualTo("token-encryption");
    }

    @Test
    void leavesTokensForOthersToOthers() throws JOSEException {
        String token = toRsa(KEY.token(bench.claims("")));
        assertThat(show(bench.jwt(), token)).as("no keys").isInstanceOf(Authentication.Unclaimed.class);
        RSAKey other = new RSAKeyGenerator(2048).keyID("other").generate();
        String elsewhere = encrypt(
                header(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, other)
                        .build(),
                new RSAEncrypter(other),
                KEY.token(bench.claims("")));
        assertThat(show(elsewhere)).isInstanceOf(Authentication.Unclaimed.class);
    }

    @Test
    void refusesPlainTokensWhereEncryptionIsRequired() throws JOSEException {
        Authenticator jwt = bench.jwt("decrypt: " + keys + " required");
        String plain = KEY.token(bench.claims(""));
        assertThat(Settled.refusal(show(jwt, plain)).code()).isEqualTo("token-encryption");
        assertThat(show(jwt, toRsa(plain))).isInstanceOf(Authentication.Proven.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[7]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"PBES2-HS256+A128KW\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"use\":\"sig\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}]}"
            })
    void JW_14_JW_16_loadsNoKeysThatCannotBeUsed(String set) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decryption.of(set.getBytes(StandardCharsets.UTF_8), "a file"));
    }

    @Test
    void tellsOperatorsWhichKeysItDecryptsWith() throws IOException {
        KeyInventory inventory = Decryption.of(Files.readAllBytes(keys), keys.toString());
        assertThat(inventory.knownKeys())
                .extracting(KnownKey::use, KnownKey::id, KnownKey::algorithm, KnownKey::origin)
                .containsExactly(
                        tuple(KnownKey.Use.DECRYPT, "rsa", "RSA-OAEP-256", keys.toString()),
                        tuple(
                                KnownKey.Use.DECRYPT,
                                "ec",
                                "ECDH-ES,ECDH-ES+A128KW,ECDH-ES+A192KW,ECDH-ES+A256KW",
                                keys.toString()),
                        tuple(KnownKey.Use.DECRYPT, "aes", "A128GCMKW,A128KW,dir", keys.toString()),
                        tuple(KnownKey.Use.DECRYPT, "dir", "dir", keys.toString()));
        Authenticator jwt = bench.jwt("decrypt: " + keys);
        assertThat(((KeyInventory) jwt).knownKeys())
                .extracting(KnownKey::use)
                .contains(KnownKey.Use.VERIFY, KnownKey.Use.DECRYPT);
    }

    @Test
    void nothingIsToldOfASecretWithoutName() {
        String set = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}]}";
        KeyInventory inventory = Decryption.of(set.getBytes(StandardCharsets.UTF_8), "a file");
        assertThat(inventory.knownKeys()).extracting(KnownKey::id).containsExactly("secret");
    }

    @Test
    void loadsNoPublicKeys() {
        String set = new JWKSet(List.of(RSA, EC)).toString(true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decryption.of(set.getBytes(StandardCharsets.UTF_8), "a file"))
                .withMessageContaining("expected: a private key");
    }
}
