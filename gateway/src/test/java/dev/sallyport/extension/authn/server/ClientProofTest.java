package dev.sallyport.extension.authn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authn.jose.sign.ProvingKey;
import dev.sallyport.remote.RemoteTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientProofTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final InstantSource CLOCK = () -> NOW;
    private static final String ISSUER = "https://id.example.com";
    private static final ProvingKey KEY = ProvingKey.generate();

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> form = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Path key() throws IOException {
        return Files.write(folder.resolve("client.jwk"), KEY.text());
    }

    private ClientConfig config(@Nullable String keyId, @Nullable String audience) throws IOException {
        return new ClientConfig("gateway", null, key(), keyId, audience, ClientConfig.Method.BASIC);
    }

    private SignedJWT assertion(ClientProof proof) throws ParseException {
        form.clear();
        proof.prove(form, headers);
        return SignedJWT.parse(String.valueOf(form.get("client_assertion")));
    }

    @Test
    void anAssertionIsGoodForOneRequestToOneServer() throws Exception {
        ClientProof proof = ClientProof.of(config(null, null), null, ISSUER, CLOCK);
        SignedJWT assertion = assertion(proof);
        assertThat(headers).isEmpty();
        assertThat(form)
                .containsEntry("client_id", "gateway")
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .doesNotContainKey("client_secret");
        assertThat(assertion.verify(new ECDSAVerifier(JWK.parse(KEY.publicJwk()).toECKey())))
                .isTrue();
        JWTClaimsSet claims = assertion.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("gateway");
        assertThat(claims.getSubject()).isEqualTo("gateway");
        assertThat(claims.getAudience()).containsExactly(ISSUER);
        assertThat(claims.getIssueTime().toInstant()).isEqualTo(NOW);
        assertThat(claims.getExpirationTime().toInstant()).isEqualTo(NOW.plusSeconds(30));
        assertThat(claims.getJWTID()).hasSize(22);
        assertThat(assertion(proof).getJWTClaimsSet().getJWTID()).isNotEqualTo(claims.getJWTID());
    }

    @Test
    void aConfigurationNamesKeyAndAudienceItself() throws Exception {
        SignedJWT assertion =
                assertion(ClientProof.of(config("k1", "https://id.example.com/token"), null, ISSUER, CLOCK));
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly("https://id.example.com/token");
    }

    @Test
    void aSecretStandsWhereItWasToldTo() throws Exception {
        Secret secret = new Secret("s3cret:+");
        ClientConfig basic = new ClientConfig("gate way", secret, null, null, null, ClientConfig.Method.BASIC);
        ClientProof.of(basic, null, ISSUER, CLOCK).prove(form, headers);
        assertThat(headers).containsEntry("Authorization", "Basic Z2F0ZSt3YXk6czNjcmV0JTNBJTJC");
        assertThat(form).isEmpty();
        headers.clear();
        ClientConfig post = new ClientConfig("gate way", secret, null, null, null, ClientConfig.Method.POST);
        ClientProof.of(post, null, ISSUER, CLOCK).prove(form, headers);
        assertThat(headers).isEmpty();
        assertThat(form).containsEntry("client_id", "gate way").containsEntry("client_secret", "s3cret:+");
    }

    @Test
    void aCertificateNeedsNoMoreThanTheName() throws Exception {
        ClientConfig config = new ClientConfig("gateway", null, null, null, null, ClientConfig.Method.BASIC);
        RemoteTls tls = new RemoteTls(null, new RemoteTls.KeyPair(Path.of("c"), Path.of("k")));
        ClientProof.of(config, tls, ISSUER, CLOCK).prove(form, headers);
        assertThat(form).containsExactlyEntriesOf(Map.of("client_id", "gateway"));
        for (RemoteTls none : new RemoteTls[] {null, new RemoteTls(Path.of("ca"), null)}) {
            assertThatThrownBy(() -> ClientProof.of(config, none, ISSUER, CLOCK))
                    .isInstanceOfSatisfying(
                            PluginException.class, e -> assertThat(e.key()).isEqualTo("client"))
                    .hasMessageContaining("expected: secret, key, or tls.client-certificate");
        }
    }

    @Test
    void oneProofIsEnough() throws Exception {
        Path key = key();
        assertThatThrownBy(
                        () -> new ClientConfig("gateway", new Secret("s"), key, null, null, ClientConfig.Method.BASIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key: beside `secret`");
        assertThatThrownBy(
                        () -> new ClientConfig("gateway", new Secret("s"), null, "k1", null, ClientConfig.Method.BASIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key-id: without `key`");
    }

    @Test
    void aKeyThatCannotBeUsedIsSaidToBeSo() throws Exception {
        Path file = Files.writeString(folder.resolve("client.jwk"), "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}");
        assertThatThrownBy(() -> ClientProof.byKey("gateway", file, null, ISSUER, CLOCK))
                .isInstanceOfSatisfying(
                        PluginException.class, e -> assertThat(e.key()).isEqualTo("client.key"))
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void operatorsSeeTheKey() throws Exception {
        KnownKey known = ClientProof.of(config("k1", null), null, ISSUER, CLOCK)
                .knownKeys()
                .getFirst();
        assertThat(known.use()).isEqualTo(KnownKey.Use.SIGN);
        assertThat(known.id()).isEqualTo("k1");
        assertThat(known.state()).isEqualTo("client");
        assertThat(known.origin()).endsWith("client.jwk");
    }
}
