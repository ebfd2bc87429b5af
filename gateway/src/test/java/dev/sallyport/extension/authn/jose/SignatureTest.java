package dev.sallyport.extension.authn.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.TestKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureSpi;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
    private static final List<String> ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");
    private static final String CLAIMS = "{\"sub\":\"anna\"}";

    static Stream<Arguments> everyAlgorithmAndProvider() {
        return ALGORITHMS.stream()
                .flatMap(algorithm -> Stream.of(SignatureProvider.JDK, SignatureProvider.fastest())
                        .map(provider -> Arguments.of(algorithm, provider)));
    }

    private static KeySet keys(SignatureProvider provider, String... jwks) throws KeySetReader.BadKeyException {
        KeySetReader.Reading reading =
                new KeySetReader(provider).read(TestKey.setOf(jwks).getBytes(StandardCharsets.UTF_8));
        assertThat(reading.problems()).isEmpty();
        return reading.keys();
    }

    private static CompactToken.Jws jws(String token) {
        return (CompactToken.Jws) CompactToken.read(token, JoseHeader.Rules.KNOWN_KEY);
    }

    @ParameterizedTest
    @MethodSource("everyAlgorithmAndProvider")
    void verifiesWhatTheKeySigned(String algorithm, SignatureProvider provider) throws Exception {
        TestKey key = TestKey.of("k1", algorithm);
        VerificationKey verifying = keys(provider, key.jwk()).keys().getFirst();
        for (int i = 0; i < 3; i++) {
            CompactToken.Jws jws = jws(key.token("{\"sub\":\"" + i + "\"}"));
            assertThat(jws.verifies(verifying)).isTrue();
            jws.payload()[3] ^= 1;
            byte[] token = jws.token();
            token[jws.signedLength() - 3] = (byte) (token[jws.signedLength() - 3] == 'a' ? 'b' : 'a');
            assertThat(jws.verifies(verifying)).as("changed").isFalse();
        }
        assertThat(jws(TestKey.of("other", algorithm).token(CLAIMS)).verifies(verifying))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("everyAlgorithmAndProvider")
    void JW_03_keyDecidesTheAlgorithm(String algorithm, SignatureProvider provider) throws Exception {
        TestKey key = TestKey.of("k1", algorithm);
        VerificationKey verifying = keys(provider, key.jwk()).keys().getFirst();
        for (Algorithm other : EnumSet.allOf(Algorithm.class)) {
            if (other.family() != verifying.algorithms().iterator().next().family()) {
                assertThat(verifying.isFor(other)).isFalse();
                String header = "{\"alg\":\"" + other.word() + "\",\"kid\":\"k1\"}";
                assertThat(jws(key.token(header, CLAIMS)).verifies(verifying)).isFalse();
            }
        }
    }

    @Test
    void JW_03_statedAlgorithmIsTheOnlyOne() throws Exception {
        TestKey key = TestKey.of("k1", "RS256");
        VerificationKey verifying = keys(SignatureProvider.JDK, "{" + key.material() + ",\"alg\":\"PS256\"}")
                .keys()
                .getFirst();
        assertThat(verifying.algorithms()).containsExactly(Algorithm.PS256);
        assertThat(jws(key.token(CLAIMS)).verifies(verifying)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("everyAlgorithmAndProvider")
    void JW_04_refusesSignaturesThatNobodyCanHaveMade(String algorithm, SignatureProvider provider) throws Exception {
        TestKey key = TestKey.of("k1", algorithm);
        VerificationKey verifying = keys(provider, key.jwk()).keys().getFirst();
        Algorithm wanted = Objects.requireNonNull(Algorithm.of(algorithm));
        byte[] data = "data".getBytes(StandardCharsets.US_ASCII);
        byte[] good = key.sign(data);
        assertThat(verifying.verify(wanted, data, data.length, good)).isTrue();
        byte[] ones = new byte[good.length];
        Arrays.fill(ones, (byte) 0xff);
        for (byte[] bad : List.of(
                new byte[0],
                new byte[good.length],
                ones,
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1))) {
            assertThat(verifying.verify(wanted, data, data.length, bad)).isFalse();
        }
        // and the key is as good as before
        assertThat(verifying.verify(wanted, data, data.length, good)).isTrue();
    }

    @Test
    void JW_04_refusesNumbersBeyondTheOrderAndDer() throws Exception {
        TestKey key = TestKey.of("k1", "ES256");
        VerificationKey verifying =
                keys(SignatureProvider.JDK, key.jwk()).keys().getFirst();
        byte[] data = "data".getBytes(StandardCharsets.US_ASCII);
        byte[] good = key.sign(data);
        BigInteger order = ((java.security.interfaces.ECPublicKey) key.pair().getPublic())
                .getParams()
                .getOrder();
        byte[] n = order.toByteArray();
        byte[] rIsOrder = good.clone();
        System.arraycopy(n, n.length - 32, rIsOrder, 0, 32);
        byte[] sIsZero = good.clone();
        Arrays.fill(sIsZero, 32, 64, (byte) 0);
        java.security.Signature der = java.security.Signature.getInstance("SHA256withECDSA");
        der.initSign(key.pair().getPrivate());
        der.update(data);
        for (byte[] bad : List.of(rIsOrder, sIsZero, der.sign())) {
            assertThat(verifying.verify(Algorithm.ES256, data, data.length, bad))
                    .isFalse();
        }
    }

    /// A library that takes whatever it is shown.
    private static final class Credulous extends Provider {
        private static final long serialVersionUID = 1L;

        Credulous() {
            super("Credulous", "1", "takes every signature");
            for (String algorithm : List.of("SHA256withRSA", "SHA256withECDSAinP1363Format", "Ed25519")) {
                putService(new Service(this, "Signature", algorithm, "-", List.of(), Map.of()) {
                    @Override
                    public Object newInstance(Object parameter) {
                        return new Yes();
                    }
                });
            }
        }
    }

    private static final class Yes extends SignatureSpi {
        @Override
        protected void engineInitVerify(PublicKey key) {}

        @Override
        protected void engineInitSign(PrivateKey key) {}

        @Override
        protected void engineUpdate(byte octet) {}

        @Override
        protected void engineUpdate(byte[] octets, int from, int length) {}

        @Override
        protected byte[] engineSign() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return true;
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {}

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void JW_04_refusesImpossibleSignaturesWhateverTheLibrarySays(String algorithm) throws Exception {
        TestKey key = TestKey.of("k1", algorithm);
        VerificationKey verifying = keys(
                        new SignatureProvider(new Credulous()),
                        "{" + key.material() + ",\"alg\":\"" + algorithm + "\"}")
                .keys()
                .getFirst();
        Algorithm wanted = Objects.requireNonNull(Algorithm.of(algorithm));
        byte[] data = "data".getBytes(StandardCharsets.US_ASCII);
        byte[] possible = new byte[key.sign(data).length];
        Arrays.fill(possible, (byte) 1);
        assertThat(verifying.verify(wanted, data, data.length, possible)).isTrue();
        List<byte[]> impossible = new ArrayList<>(List.of(
                new byte[0],
                Arrays.copyOf(possible, possible.length - 1),
                Arrays.copyOf(possible, possible.length + 1)));
        if (key.pair().getPublic() instanceof ECPublicKey ec) {
            byte[] order = ec.getParams().getOrder().toByteArray();
            for (int half : new int[] {0, 32}) {
                byte[] zero = possible.clone();
                Arrays.fill(zero, half, half + 32, (byte) 0);
                byte[] tooLarge = possible.clone();
                System.arraycopy(order, order.length - 32, tooLarge, half, 32);
                impossible.addAll(List.of(zero, tooLarge));
            }
        }
        for (byte[] signature : impossible) {
            assertThat(verifying.verify(wanted, data, data.length, signature)).isFalse();
        }
    }

    @Test
    void verifiesSecrets() {
        byte[] secret = new byte[32];
        VerificationKey key = VerificationKey.ofSecret(null, secret, EnumSet.allOf(Algorithm.class));
        assertThat(key.algorithms()).containsExactly(Algorithm.HS256);
        assertThat(jws(TestKey.hmacToken(secret, "{\"alg\":\"HS256\"}", CLAIMS)).verifies(key))
                .isTrue();
        assertThat(jws(TestKey.hmacToken(new byte[] {1}, "{\"alg\":\"HS256\"}", CLAIMS))
                        .verifies(key))
                .isFalse();
    }

    @Test
    void JW_01_aSecretVerifiesNoTokenWithoutItsWholeMac() {
        byte[] secret = new byte[32];
        VerificationKey key = VerificationKey.ofSecret(null, secret, EnumSet.of(Algorithm.HS256));
        String token = TestKey.hmacToken(secret, "{\"alg\":\"HS256\"}", CLAIMS);
        CompactToken.Jws jws = jws(token);
        assertThat(jws.verifies(key)).isTrue();
        assertThat(jws(token.substring(0, token.lastIndexOf('.') + 1)).verifies(key))
                .isFalse();
        byte[] mac = jws.signature();
        for (int length : new int[] {0, 1, 16, 31, 33}) {
            byte[] other = Arrays.copyOf(mac, length);
            assertThat(key.verify(Algorithm.HS256, jws.token(), jws.signedLength(), other))
                    .isFalse();
        }
    }
}
