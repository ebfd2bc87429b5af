package dev.sallyport.extension.authn.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignedAnswerTest {
    private static final long NOW = 1_795_579_200L;
    private static final String TYPE = "token-introspection+jwt";
    private static final ECKey KEY = key("one");

    private final SignedAnswer answers = new SignedAnswer("https://id.example.com", "gateway", 30, source(KEY));

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static KeySet set(ECKey key) {
        try {
            String json = new JWKSet(key.toPublicJWK()).toString();
            return new KeySetReader(SignatureProvider.JDK)
                    .read(json.getBytes(StandardCharsets.UTF_8))
                    .keys();
        } catch (KeySetReader.BadKeyException e) {
            throw new AssertionError(e);
        }
    }

    private static KeySource source(ECKey key) {
        return KeySource.fixed(set(key), "a file");
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://id.example.com")
                .audience("gateway")
                .issueTime(Date.from(Instant.ofEpochSecond(NOW)))
                .claim("token_introspection", Map.of("active", true, "sub", "ada"));
    }

    private static String signed(ECKey key, String type, JWTClaimsSet claims) throws JOSEException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType(type))
                .build();
        SignedJWT jwt = new SignedJWT(header, claims);
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private Map<String, @Nullable Object> read(String text) throws IOException {
        return answers.members(text.getBytes(StandardCharsets.US_ASCII), NOW);
    }

    private void refuses(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
    }

    @Test
    void takesWhatTheServerSigned() throws Exception {
        assertThat(read(signed(KEY, TYPE, claims().build())))
                .containsEntry("active", true)
                .containsEntry("sub", "ada");
    }

    @Test
    void OA_13_refusesAnswersThatTheServerDidNotSign() throws Exception {
        refuses("{\"active\":true,\"sub\":\"ada\"}");
        refuses(new PlainJWT(claims().build()).serialize());
        refuses(signed(key("one"), TYPE, claims().build()));
        refuses(signed(key("other"), TYPE, claims().build()));
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID("one")
                        .type(new JOSEObjectType(TYPE))
                        .build(),
                claims().build());
        mac.sign(new MACSigner(KEY.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)));
        refuses(mac.serialize());
    }

    @Test
    void OA_13_refusesTokensThatAreNoAnswers() throws Exception {
        refuses(signed(KEY, "JWT", claims().build()));
        refuses(signed(KEY, "at+jwt", claims().build()));
        refuses(signed(
                KEY,
                TYPE,
                claims().claim("token_introspection", null)
                        .claim("active", true)
                        .build()));
        refuses(signed(
                KEY, TYPE, claims().claim("token_introspection", "active").build()));
    }

    @Test
    void OA_13_refusesAnswersForOthersOfOthersAndOfOtherTimes() throws Exception {
        refuses(signed(KEY, TYPE, claims().issuer("https://other.example.com").build()));
        refuses(signed(KEY, TYPE, claims().audience("another-gateway").build()));
        refuses(signed(KEY, TYPE, claims().issueTime(null).build()));
        refuses(signed(
                KEY,
                TYPE,
                claims().issueTime(Date.from(Instant.ofEpochSecond(NOW - 91))).build()));
        refuses(signed(
                KEY,
                TYPE,
                claims().issueTime(Date.from(Instant.ofEpochSecond(NOW + 31))).build()));
    }

    @Test
    void fetchesKeysAnewForOneItDoesNotKnow() throws Exception {
        ECKey next = key("next");
        KeySource fetching = new KeySource() {
            @Override
            public String origin() {
                return "a URL";
            }

            @Override
            public @Nullable Instant learnt() {
                return null;
            }

            @Override
            public @Nullable Instant expires() {
                return null;
            }

            private KeySet now = set(KEY);

            @Override
            public KeySet current() {
                return now;
            }

            @Override
            public CompletionStage<?> refetch() {
                now = set(next);
                return CompletableFuture.completedStage(null);
            }
        };
        SignedAnswer rotated = new SignedAnswer("https://id.example.com", "gateway", 30, fetching);
        byte[] answer = signed(next, TYPE, claims().build()).getBytes(StandardCharsets.US_ASCII);
        assertThat(Objects.requireNonNull(rotated.members(answer, NOW))).containsEntry("sub", "ada");
    }
}
