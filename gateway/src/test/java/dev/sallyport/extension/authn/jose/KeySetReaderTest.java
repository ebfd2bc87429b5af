package dev.sallyport.extension.authn.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.testing.TestKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetReaderTest {
    private static final TestKey GOOD = TestKey.of("good", "ES256");

    private static KeySetReader.Reading read(String text) throws KeySetReader.BadKeyException {
        return new KeySetReader(SignatureProvider.JDK).read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void JW_19_skipsSingleBadKeys() throws Exception {
        KeySetReader.Reading reading = read(TestKey.setOf(
                "{\"kty\":\"XX\"}",
                "7",
                "{" + TestKey.of("p", "ES256").material() + ",\"d\":\"AAAA\",\"kid\":\"private\"}",
                "{\"kty\":\"oct\",\"k\":\"" + TestKey.base64(new byte[32]) + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                "{" + GOOD.material() + ",\"alg\":\"HS256\"}",
                GOOD.jwk()));
        assertThat(reading.problems()).hasSize(7);
        assertThat(reading.keys().keys()).extracting(VerificationKey::id).containsExactly("good");
    }

    @Test
    void JW_02_takesNoSecretAmongPublicKeys() throws Exception {
        KeySetReader.Reading reading =
                read(TestKey.setOf("{\"kty\":\"oct\",\"k\":\"" + TestKey.base64(new byte[64]) + "\"}"));
        assertThat(reading.keys().isEmpty()).isTrue();
        assertThat(reading.problems()).singleElement().asString().contains("symmetric");
    }

    @Test
    void JW_19_takesNoWeakRsaKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        RSAPublicKey weak = (RSAPublicKey) generator.generateKeyPair().getPublic();
        byte[] modulus = weak.getModulus().toByteArray();
        KeySetReader.Reading reading =
                read(TestKey.setOf("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + TestKey.base64(modulus) + "\"}"));
        assertThat(reading.keys().isEmpty()).isTrue();
        assertThat(reading.problems())
                .singleElement()
                .asString()
                .contains("1024")
                .contains("2048");
    }

    @Test
    void JW_19_takesNoRsaKeyThatWouldCostTooMuch() throws Exception {
        byte[] modulus = new byte[1025];
        Arrays.fill(modulus, (byte) 0xff);
        KeySetReader.Reading reading =
                read(TestKey.setOf("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"" + TestKey.base64(modulus) + "\"}"));
        assertThat(reading.keys().isEmpty()).isTrue();
        assertThat(reading.problems())
                .singleElement()
                .asString()
                .contains("8200")
                .contains("8192");
    }

    @Test
    void JW_19_takesNoMoreThanAHundredKeys() throws Exception {
        String[] many = new String[101];
        for (int i = 0; i < many.length; i++) {
            many[i] = "{" + GOOD.material() + ",\"kid\":\"k" + i + "\"}";
        }
        KeySetReader.Reading reading = read(TestKey.setOf(many));
        assertThat(reading.keys().keys()).hasSize(100);
        assertThat(reading.problems()).singleElement().asString().startsWith("keys[100]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"use\":\"enc\"", "\"key_ops\":[\"encrypt\"]", "\"key_ops\":[\"sign\"]"})
    void JW_03_leavesOutKeysForSomethingElse(String member) throws Exception {
        KeySetReader.Reading reading = read(TestKey.setOf("{" + GOOD.material() + "," + member + "}"));
        assertThat(reading.keys().isEmpty()).isTrue();
        assertThat(reading.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[],\"keys\":[]}"})
    void JW_19_takesWhatIsNoSetForNone(String text) {
        assertThatExceptionOfType(KeySetReader.BadKeyException.class).isThrownBy(() -> read(text));
    }

    @Test
    void JW_05_findsKeysByExactNameAlone() throws Exception {
        TestKey other = TestKey.of("../../dev/null", "ES256");
        TestKey rsa = TestKey.of("good", "RS256");
        KeySet keys = read(TestKey.set(GOOD, other, rsa)).keys();
        assertThat(keys.find("good", Algorithm.ES256)).isNotNull();
        assertThat(keys.find("good", Algorithm.RS256))
                .as("same name, other kind")
                .isNotNull();
        assertThat(keys.find("good", Algorithm.EDDSA)).isNull();
        assertThat(keys.find("Good", Algorithm.ES256)).isNull();
        assertThat(keys.find("../../dev/null", Algorithm.ES256)).isNotNull();
        assertThat(keys.find("/dev/null", Algorithm.ES256)).isNull();
        assertThat(keys.find(null, Algorithm.ES256)).as("two that fit").isNull();
        assertThat(keys.find(null, Algorithm.RS256)).as("one that fits").isNotNull();
        assertThat(read(TestKey.setOf(GOOD.jwk(), GOOD.jwk())).keys().find("good", Algorithm.ES256))
                .as("twice")
                .isNull();
    }

    @Test
    void JW_20_theSameKeyUnderAnotherNameOrForOtherUsesIsAnother() throws Exception {
        String material = TestKey.of("r", "RS256").material();
        KeySet before = read(TestKey.setOf("{" + material + ",\"kid\":\"a\"}")).keys();
        KeySet renamed = before.replacedBy(
                read(TestKey.setOf("{" + material + ",\"kid\":\"b\"}")).keys());
        assertThat(before.keys().getFirst().retired()).isTrue();
        assertThat(renamed.find("a", Algorithm.RS256)).isNull();
        assertThat(renamed.find("b", Algorithm.RS256)).isNotNull();
        KeySet narrowed = renamed.replacedBy(read(TestKey.setOf("{" + material + ",\"kid\":\"b\",\"alg\":\"PS256\"}"))
                .keys());
        assertThat(renamed.keys().getFirst().retired()).isTrue();
        assertThat(narrowed.find("b", Algorithm.RS256)).isNull();
        assertThat(narrowed.find("b", Algorithm.PS256)).isNotNull();
    }

    @Test
    void JW_20_retiresKeysThatAreGoneAndKeepsTheOthers() throws Exception {
        KeySet before = read(TestKey.set(GOOD, TestKey.of("old", "ES256"))).keys();
        KeySet after = before.replacedBy(
                read(TestKey.set(GOOD, TestKey.of("new", "ES256"))).keys());
        assertThat(after.keys().getFirst()).isSameAs(before.keys().getFirst());
        assertThat(List.of(before.keys().get(0).retired(), before.keys().get(1).retired()))
                .containsExactly(false, true);
        before = after;
        // the same name for another key is another key
        after = before.replacedBy(
                read(TestKey.setOf("{" + TestKey.of("x", "ES256").material() + ",\"kid\":\"good\"}"))
                        .keys());
        assertThat(before.keys().getFirst().retired()).isTrue();
        assertThat(after.keys().getFirst().retired()).isFalse();
    }
}
