package dev.sallyport.extension.authn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SingleUseTest {
    private static final TestKey KEY = TestKey.of("k1", "ES256");
    private static final String ONCE = "max-lifetime: 15m\nreplay: { single-use: true }";

    private final JwtBench bench = new JwtBench(KEY);

    private static Authentication show(Authenticator jwt, String token) {
        return Settled.of(jwt.authenticate(JwtBench.bearer(token)));
    }

    @Test
    void JW_24_takesATokenOnce() {
        Authenticator jwt = bench.jwt(ONCE);
        String token = KEY.token(bench.claims("\"jti\":\"t1\""));
        assertThat(show(jwt, token)).isInstanceOf(Authentication.Proven.class);
        assertThat(Settled.refusal(show(jwt, token)).code()).isEqualTo("token-replayed");
        String sameIdAgain = KEY.token(bench.claims("\"jti\":\"t1\",\"x\":1"));
        assertThat(Settled.refusal(show(jwt, sameIdAgain)).code()).isEqualTo("token-replayed");
        assertThat(Settled.refusal(show(bench.jwt(ONCE), token)).code())
                .as("nor by another node with the same state")
                .isEqualTo("token-replayed");
        assertThat(show(jwt, KEY.token(bench.claims("\"jti\":\"t2\"")))).isInstanceOf(Authentication.Proven.class);
    }

    @Test
    void JW_24_theSameIdOfAnotherIssuerIsAnotherToken() {
        String other = "https://id.example.com/realms/partners";
        Authenticator ofOther = bench.jwt(ONCE + "\nissuer: " + other);
        String token = KEY.token(bench.claims("\"jti\":\"t1\""));
        String tokenOfOther = KEY.token(bench.claimsWith("iss", '"' + other + "\",\"jti\":\"t1\""));
        assertThat(show(bench.jwt(ONCE), token)).isInstanceOf(Authentication.Proven.class);
        assertThat(show(ofOther, tokenOfOther)).isInstanceOf(Authentication.Proven.class);
        assertThat(Settled.refusal(show(ofOther, tokenOfOther)).code()).isEqualTo("token-replayed");
        assertThat(Settled.refusal(show(bench.jwt(ONCE), token)).code()).isEqualTo("token-replayed");
    }

    @Test
    void JW_24_remembersATokenForAsLongAsItIsAcceptable() {
        Authenticator jwt = bench.jwt(ONCE);
        String token = KEY.token(bench.claims("\"jti\":\"t1\""));
        assertThat(show(jwt, token)).isInstanceOf(Authentication.Proven.class);
        bench.pass(300 + 29);
        assertThat(Settled.refusal(show(jwt, token)).code())
                .as("in the last second of the skew")
                .isEqualTo("token-replayed");
        bench.pass(1);
        assertThat(Settled.refusal(show(jwt, token)).code()).isEqualTo("token-expired");
    }

    @Test
    void JW_24_takesNoTokenThatWasIssuedBeforeARestart() {
        String used = KEY.token(bench.claims("\"jti\":\"t1\""));
        assertThat(show(bench.jwt(ONCE), used)).isInstanceOf(Authentication.Proven.class);
        bench.pass(60);
        bench.restart();
        Authenticator restarted = bench.jwt(ONCE);
        Refusal refusal = Settled.refusal(show(restarted, used));
        assertThat(refusal.code()).isEqualTo("token-before-restart");
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.headers().first("www-authenticate")).startsWith("Bearer error=\"invalid_token\"");
        String unused = KEY.token(bench.claimsWith("iat", bench.now() - 1 + ",\"jti\":\"t2\""));
        assertThat(Settled.refusal(show(restarted, unused)).code())
                .as("nobody can say whether it was used")
                .isEqualTo("token-before-restart");
        assertThat(show(bench.jwt(), used))
                .as("where tokens are good for many requests")
                .isInstanceOf(Authentication.Proven.class);
    }

    @Test
    void JW_24_takesNoTokenThatTheSkewLetInBeforeARestart() {
        String ahead = KEY.token(bench.claimsWith("iat", bench.now() + 30 + ",\"jti\":\"t1\""));
        assertThat(show(bench.jwt(ONCE), ahead)).isInstanceOf(Authentication.Proven.class);
        bench.restart();
        Authenticator restarted = bench.jwt(ONCE);
        assertThat(Settled.refusal(show(restarted, ahead)).code()).isEqualTo("token-before-restart");
        bench.pass(30);
        String last = KEY.token(bench.claims("\"jti\":\"t2\""));
        assertThat(Settled.refusal(show(restarted, last)).code()).isEqualTo("token-before-restart");
        bench.pass(1);
        String next = KEY.token(bench.claims("\"jti\":\"t3\""));
        assertThat(show(restarted, next)).isInstanceOf(Authentication.Proven.class);
        assertThat(Settled.refusal(show(restarted, next)).code()).isEqualTo("token-replayed");
    }

    @Test
    void JW_24_requiresAnIdOfATokenThatMayBeUsedOnce() {
        Authenticator jwt = bench.jwt(ONCE);
        for (String id : List.of("", "\"jti\":\"\"", "\"jti\":7", "\"jti\":\"" + "x".repeat(257) + "\"")) {
            assertThat(Settled.refusal(show(jwt, KEY.token(bench.claims(id)))).code())
                    .isEqualTo("token-claims");
        }
    }

    @Test
    void JW_24_refusesWhereThereIsNoRoomToRemember() {
        bench.answering(CompletableFuture.completedStage(SharedState.Mark.FULL));
        Refusal refusal = Settled.refusal(show(bench.jwt(ONCE), KEY.token(bench.claims("\"jti\":\"t1\""))));
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.code()).isEqualTo("token-crowded");
    }

    @Test
    void JW_24_provesNobodyWhenTheStateFails() {
        bench.answering(CompletableFuture.failedStage(new IllegalStateException("no answer")));
        Authentication found = bench.jwt(ONCE).authenticate(JwtBench.bearer(KEY.token(bench.claims("\"jti\":\"t1\""))));
        assertThat(found).isInstanceOf(Authentication.Await.class);
        assertThat(((Authentication.Await) found)
                        .authentication()
                        .thenApply(Settled::of)
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10));
    }
}
