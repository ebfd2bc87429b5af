package dev.sallyport.extension.authn.jose.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.testing.TestKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvingKeyTest {
    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] octets(JWK jwk) {
        return octets(jwk.toJSONString());
    }

    private static ECKey ec(String algorithm, Curve curve) {
        KeyPair pair = TestKey.of("prover", algorithm).pair();
        return new ECKey.Builder(curve, (ECPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID("mine")
                .build();
    }

    private static RSAKey.Builder rsa() {
        KeyPair pair = TestKey.of("prover", "RS256").pair();
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).privateKey(pair.getPrivate());
    }

    private static OctetKeyPair ed25519() {
        KeyPair pair = TestKey.of("prover", "EdDSA").pair();
        return new OctetKeyPair.Builder(Curve.Ed25519, last32(pair.getPublic().getEncoded()))
                .d(last32(pair.getPrivate().getEncoded()))
                .build();
    }

    private static Base64URL last32(byte[] encoded) {
        return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static SignedJWT signed(ProvingKey key) throws Exception {
        return SignedJWT.parse(key.sign(Map.of("typ", "JWT"), Map.of("sub", "me", "n", 1)));
    }

    private static void isGood(ProvingKey key, String algorithm, JWSVerifier verifier) throws Exception {
        SignedJWT token = signed(key);
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(token.verify(verifier)).isTrue();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("me");
    }

    @ParameterizedTest
    @CsvSource({"ES256, P-256", "ES384, P-384", "ES512, P-521"})
    void theCurveSaysTheAlgorithm(String algorithm, String curve) throws Exception {
        ECKey jwk = ec(algorithm, Curve.parse(curve));
        ProvingKey key = ProvingKey.ofJwk(octets(jwk));
        isGood(key, algorithm, new ECDSAVerifier(jwk));
        assertThat(key.id()).isEqualTo("mine");
        assertThat(key.publicJwk()).containsOnlyKeys("kty", "crv", "x", "y");
    }

    @Test
    void rsaSignsByTheAlgorithmItSaysElseRs256() throws Exception {
        isGood(ProvingKey.ofJwk(octets(rsa().build())), "RS256", new RSASSAVerifier(rsa().build()));
        RSAKey pss = rsa().algorithm(com.nimbusds.jose.JWSAlgorithm.PS384).build();
        isGood(ProvingKey.ofJwk(octets(pss)), "PS384", new RSASSAVerifier(pss));
    }

    @Test
    void anEd25519KeySignsAsEdDsa() throws Exception {
        SignedJWT token = signed(ProvingKey.ofJwk(octets(ed25519())));
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("EdDSA");
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(TestKey.of("prover", "EdDSA").pair().getPublic());
        check.update(token.getSigningInput());
        assertThat(check.verify(token.getSignature().decode())).isTrue();
    }

    private static byte[] pem(String label, byte[] der) {
        return octets("-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "ES384", "ES512", "EdDSA"})
    void aKeyMayBePem(String algorithm) throws Exception {
        KeyPair pair = TestKey.of("prover", algorithm).pair();
        ProvingKey key =
                ProvingKey.read("my.pem", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        assertThat(key.algorithm().word()).isEqualTo(algorithm);
        assertThat(key.id()).isNull();
        SignedJWT token = signed(key);
        Signature check = Signature.getInstance(key.algorithm().jcaName());
        check.initVerify(pair.getPublic());
        check.update(token.getSigningInput());
        assertThat(check.verify(token.getSignature().decode())).isTrue();
    }

    @Test
    void aFileSaysItselfWhatItIs() {
        assertThat(ProvingKey.read(
                                "my.jwk",
                                octets(" \n" + ec("ES256", Curve.P_256).toJSONString()))
                        .id())
                .isEqualTo("mine");
        assertThatThrownBy(() -> ProvingKey.read("my.jwk", octets("{}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.jwk: ");
        assertThatThrownBy(() -> ProvingKey.read("my.pem", octets("secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("my.pem: holds no PEM block");
        assertThatThrownBy(() -> ProvingKey.read("my.pem", pem("PRIVATE KEY", new byte[] {1, 2, 3})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown kind");
    }

    @Test
    void whatIsGeneratedCanBeReadAgain() throws Exception {
        ProvingKey made = ProvingKey.generate();
        ProvingKey read = ProvingKey.ofJwk(made.text());
        assertThat(read.publicJwk()).isEqualTo(made.publicJwk());
        isGood(made, "ES256", new ECDSAVerifier(JWK.parse(read.publicJwk()).toECKey()));
    }

    private static void isRefused(byte[] octets, String why) {
        assertThatThrownBy(() -> ProvingKey.ofJwk(octets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("expected");
    }

    @Test
    void whatCannotSignIsRefused() throws Exception {
        isRefused(octets(ec("ES256", Curve.P_256).toPublicJWK()), "public");
        isRefused(octets(TestKey.set(TestKey.of("prover", "ES256"))), "cannot be read");
        isRefused(octets(rsa().algorithm(com.nimbusds.jose.JWSAlgorithm.ES256).build()), "alg ES256");
        isRefused(octets(rsa().keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION).build()), "use enc");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair weak = generator.generateKeyPair();
        isRefused(
                octets(new RSAKey.Builder((RSAPublicKey) weak.getPublic())
                        .privateKey(weak.getPrivate())
                        .build()),
                "1024 bits");
    }

    @Test
    void halvesOfTwoKeysAreRefused() {
        ECKey one = ec("ES256", Curve.P_256);
        ProvingKey other = ProvingKey.generate();
        String mixed = one.toJSONString()
                .replace(one.getX().toString(), String.valueOf(other.publicJwk().get("x")))
                .replace(one.getY().toString(), String.valueOf(other.publicJwk().get("y")));
        assertThatThrownBy(() -> ProvingKey.ofJwk(octets(mixed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "[]", "{}", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"a\",\"y\":\"b\",\"d\":\"c\"}"})
    void aMessageRepeatsNothingOfWhatIsNoKey(String text) {
        isRefused(octets(text), "expected");
    }
}
