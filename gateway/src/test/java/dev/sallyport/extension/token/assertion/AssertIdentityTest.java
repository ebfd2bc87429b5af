package dev.sallyport.extension.token.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.extension.token.signing.SigningSettings;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.Settled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssertIdentityTest {
    private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    private @Nullable FakeServices services;

    @BeforeEach
    void setTheClock() {
        services = new FakeServices(folder);
        services.at(NOW);
    }

    private FakeServices services() {
        if (services == null) {
            throw new IllegalStateException("before each");
        }
        return services;
    }

    private SigningKeys keys() {
        return new SigningKeys(services(), EventLog.SILENT);
    }

    private SigningKeys opened() throws Exception {
        SigningKeys keys = keys();
        keys.need(Duration.ofSeconds(60));
        keys.open(SigningSettings.USUAL);
        return keys;
    }

    private static AssertionConfig config(String header, List<String> claims) {
        return new AssertionConfig(
                "orders", Duration.ofSeconds(60), header, claims, "sallyport", "sallyport-identity+jwt");
    }

    private Policy policy(AssertionConfig config, SigningKeys keys) throws PluginException {
        return new AssertIdentity.Factory(keys)
                .create(config, new PluginContext("orders", 1, services()))
                .policies()
                .getFirst();
    }

    private Policy policy(SigningKeys keys) throws PluginException {
        return policy(config("Sallyport-Identity", List.of("email")), keys);
    }

    private static Principal caller(long expires) {
        Claims claims = Claims.of(Map.of("email", "ada@example.com", "sub", "ada", "secret", "not told"));
        return new Principal(
                "ada",
                "staff",
                "acme",
                Set.of("clerk", "admin"),
                claims,
                new Credential("jwt", "https://id.example.com", "t-1", "portal", null, 0, expires));
    }

    private static Exchange from(@Nullable Principal caller) {
        Exchange exchange =
                Exchanges.request().header("sallyport-identity", "forged").exchange();
        if (caller != null) {
            exchange.admitted("authenticated", caller);
        }
        return exchange;
    }

    /// The one value told; the client's own is asserted to be removed.
    private static String told(Exchange exchange) {
        HeaderEdits edits = exchange.requestEdits();
        assertThat(edits.removes(exchange.request().headers(), 0)).isTrue();
        assertThat(edits.additions()).isEqualTo(1);
        return edits.value(0);
    }

    private static String ask(Policy policy, Principal caller) {
        Exchange exchange = from(caller);
        assertThat(Settled.of(policy.decide(exchange))).isEqualTo(Decision.PROCEED);
        return told(exchange);
    }

    private static JWTClaimsSet verified(String token, SigningKeys keys) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWKSet set = JWKSet.parse(new String(keys.publicSet(), StandardCharsets.UTF_8));
        JWSVerifier verifier =
                new ECDSAVerifier(set.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey());
        assertThat(jwt.verify(verifier)).isTrue();
        assertThat(jwt.getHeader().getType().getType()).isEqualTo("sallyport-identity+jwt");
        return jwt.getJWTClaimsSet();
    }

    @Test
    void saysWhoCallsInATokenForThisUpstream() throws Exception {
        SigningKeys keys = opened();
        JWTClaimsSet claims = verified(ask(policy(keys), caller(Credential.NEVER)), keys);
        assertThat(claims.getIssuer()).isEqualTo("sallyport");
        assertThat(claims.getSubject()).isEqualTo("ada");
        assertThat(claims.getAudience()).containsExactly("orders");
        assertThat(claims.getIssueTime()).isEqualTo(NOW);
        assertThat(claims.getExpirationTime()).isEqualTo(NOW.plusSeconds(60));
        assertThat(claims.getJWTID()).isEqualTo("0123456789abcdeffedcba9876543210");
        assertThat(claims.getClaims())
                .containsEntry("authenticator", "staff")
                .containsEntry("tenant", "acme")
                .containsEntry("roles", List.of("admin", "clerk"))
                .containsEntry("client_id", "portal")
                .containsEntry("email", "ada@example.com")
                .doesNotContainKey("secret");
    }

    @Test
    void HD_06_removesWhatTheClientSentAndAssertsNothingOfAnonymousCallers() throws Exception {
        Exchange exchange = from(null);
        exchange.requestEdits().add("sallyport-identity", "of a policy server");
        assertThat(policy(opened()).decide(exchange)).isEqualTo(Decision.PROCEED);
        assertThat(exchange.requestEdits().removes(exchange.request().headers(), 0))
                .isTrue();
        assertThat(exchange.requestEdits().additions()).isZero();
    }

    @Test
    void signsOnceForManyRequests() throws Exception {
        Policy policy = policy(opened());
        String first = ask(policy, caller(Credential.NEVER));
        for (int i = 0; i < 10; i++) {
            Exchange exchange = from(caller(Credential.NEVER));
            assertThat(policy.decide(exchange)).isEqualTo(Decision.PROCEED);
            assertThat(told(exchange)).isEqualTo(first);
        }
    }

    @Test
    void signsAnewBesideTheRequestsBeforeTheOldOneEnds() throws Exception {
        SigningKeys keys = opened();
        Policy policy = policy(keys);
        String first = ask(policy, caller(Credential.NEVER));
        services().at(NOW.plusSeconds(30));
        Exchange exchange = from(caller(Credential.NEVER));
        assertThat(policy.decide(exchange)).isEqualTo(Decision.PROCEED);
        assertThat(told(exchange)).isEqualTo(first);
        String second = Eventually.present("another token", () -> {
            String now = ask(policy, caller(Credential.NEVER));
            return now.equals(first) ? null : now;
        });
        assertThat(verified(second, keys).getExpirationTime()).isEqualTo(NOW.plusSeconds(90));
    }

    @Test
    void neverUsesATokenInItsLastSeconds() throws Exception {
        SigningKeys keys = opened();
        Policy policy = policy(keys);
        String first = ask(policy, caller(Credential.NEVER));
        services().at(NOW.plusSeconds(55));
        String second = ask(policy, caller(Credential.NEVER));
        assertThat(second).isNotEqualTo(first);
        assertThat(verified(second, keys).getExpirationTime()).isEqualTo(NOW.plusSeconds(115));
    }

    @Test
    void neverOutlivesTheCallersCredential() throws Exception {
        SigningKeys keys = opened();
        String token = ask(policy(keys), caller(NOW.getEpochSecond() + 7));
        assertThat(verified(token, keys).getExpirationTime()).isEqualTo(NOW.plusSeconds(7));
    }

    @Test
    void HD_06_assertsOfEachCallerWhatIsTrueOfThatOne() throws Exception {
        SigningKeys keys = opened();
        Policy policy = policy(keys);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 50; i++) {
                Principal caller = new Principal("user-" + i, "staff", Set.of());
                assertThat(verified(ask(policy, caller), keys).getSubject()).isEqualTo("user-" + i);
            }
        }
    }

    @Test
    void followsBearerInAuthorization() throws Exception {
        Policy policy = policy(config("Authorization", List.of()), opened());
        Exchange exchange =
                Exchanges.request().header("Authorization", "Bearer own").exchange();
        exchange.admitted("authenticated", caller(Credential.NEVER));
        assertThat(Settled.of(policy.decide(exchange))).isEqualTo(Decision.PROCEED);
        assertThat(told(exchange)).startsWith("Bearer ey");
    }

    @Test
    void refusesWhileNothingCanBeSigned() throws Exception {
        Decision decision = policy(keys()).decide(from(caller(Credential.NEVER)));
        assertThat(decision).isInstanceOf(Decision.Await.class);
        assertThatThrownBy(() -> ((Decision.Await) decision)
                        .decision()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cookie", "Host", "Connection", "X_Identity", "Forwarded"})
    void refusesFieldsThatSaySomethingElse(String header) {
        assertThatThrownBy(() -> policy(config(header, List.of()), keys()))
                .isInstanceOf(PluginException.class)
                .hasMessageStartingWith(header + " (expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "iss", "aud", "exp", "roles", "tenant", "cnf"})
    void JW_23_noClaimOfACredentialTakesThePlaceOfTheGatewaysOwn(String claim) {
        assertThatThrownBy(() -> policy(config("Sallyport-Identity", List.of(claim)), keys()))
                .isInstanceOf(PluginException.class);
    }
}
