package dev.sallyport.extension.authn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.sender.BoundTo;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTokenTest {
    private static final TestKey KEY = TestKey.of("k1", "ES256");

    private final FakeCheck dpop = new FakeCheck("jkt", "DPoP");
    private final FakeCheck mtls = new FakeCheck("x5t#S256", "Bearer");
    private final JwtBench bench = new JwtBench(KEY).binding(BoundTo.DPOP, dpop).binding(BoundTo.MTLS, mtls);
    private final Authenticator jwt = bench.jwt("bound-to: dpop,mtls");

    /// Answers as it is told and notes what it was asked.
    private static final class FakeCheck implements BoundCheck {
        private final String confirmation;
        private final String scheme;
        private final List<String> asked = new ArrayList<>();
        private Proof answer = Proof.HELD;

        FakeCheck(String confirmation, String scheme) {
            this.confirmation = confirmation;
            this.scheme = scheme;
        }

        @Override
        public String confirmation() {
            return confirmation;
        }

        @Override
        public String scheme() {
            return scheme;
        }

        @Override
        public List<String> challenges() {
            return List.of(scheme.equals("DPoP") ? "DPoP algs=\"ES256\"" : scheme);
        }

        @Override
        public List<String> fields() {
            return scheme.equals("DPoP") ? List.of("dpop") : List.of();
        }

        @Override
        public Proof check(Exchange exchange, String shownWith, String token, Map<?, ?> members) {
            asked.add(shownWith + " " + token + " " + members);
            return answer;
        }
    }

    private String token(String cnf) {
        return KEY.token(bench.claims(cnf.isEmpty() ? "" : "\"cnf\":" + cnf));
    }

    private Authentication show(String scheme, String token) {
        return Settled.of(jwt.authenticate(JwtBench.shown(scheme + " " + token)));
    }

    @Test
    void hasEveryRequestProved() {
        String token = token("{\"jkt\":\"abc\"}");
        assertThat(show("DPoP", token)).isInstanceOf(Authentication.Proven.class);
        assertThat(show("dpop", token)).isInstanceOf(Authentication.Proven.class);
        assertThat(dpop.asked).hasSize(2).allMatch(asked -> asked.equals("DPoP " + token + " {jkt=abc}"));
        Refusal refusal = Refusal.of(401, "dpop-proof", "No", "No.");
        dpop.answer = new BoundCheck.Proof.Refused(refusal);
        assertThat(Settled.refusal(show("DPoP", token)))
                .as("though the token is remembered")
                .isSameAs(refusal);
        dpop.answer =
                new BoundCheck.Proof.Await(CompletableFuture.completedStage(new BoundCheck.Proof.Refused(refusal)));
        assertThat(Settled.refusal(show("DPoP", token))).isSameAs(refusal);
        dpop.answer = new BoundCheck.Proof.Await(CompletableFuture.completedStage(BoundCheck.Proof.HELD));
        assertThat(show("DPoP", token)).isInstanceOf(Authentication.Proven.class);
        assertThat(mtls.asked).isEmpty();
    }

    @Test
    void takesABoundTokenWhoseConfirmationSaysMore() {
        String token = token("{\"jkt\":\"abc\",\"kc-jkt-type\":\"DPoP\",\"z\":null}");
        assertThat(show("DPoP", token)).isInstanceOf(Authentication.Proven.class);
        assertThat(dpop.asked).containsExactly("DPoP " + token + " {jkt=abc}");
        assertThat(Settled.refusal(show("Bearer", token)).code()).isEqualTo("token-binding");
    }

    @Test
    void DP_01_takesABoundTokenForNoPlainOne() {
        String token = token("{\"jkt\":\"abc\"}");
        assertThat(Settled.refusal(show("Bearer", token)).code()).isEqualTo("token-binding");
        assertThat(show("DPoP", token)).isInstanceOf(Authentication.Proven.class);
        assertThat(Settled.refusal(show("Bearer", token)).code())
                .as("nor when it is remembered")
                .isEqualTo("token-binding");
        assertThat(Settled.refusal(show("DPoP", token("{\"x5t#S256\":\"abc\"}")))
                        .code())
                .isEqualTo("token-binding");
        assertThat(Settled.refusal(show("DPoP", token(""))).code()).isEqualTo("token-binding");
        assertThat(mtls.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "[]",
                "\"jkt\"",
                "{\"jkt\":7}",
                "{\"jkt\":null}",
                "{\"x\":\"y\"}",
                "{\"jkt\":\"abc\",\"jwk\":{}}",
                "{\"jkt\":\"abc\",\"kid\":\"b\"}",
                "{\"JKT\":\"abc\"}",
                "{\"jwk\":{}}",
                "{\"x5t#S256\":\"a\",\"kid\":\"b\"}"
            })
    void DP_01_refusesAConfirmationThatIsEmptyOrUnknown(String cnf) {
        assertThat(Settled.refusal(show("DPoP", token(cnf))).code()).isEqualTo("token-binding");
        assertThat(Settled.refusal(show("Bearer", token(cnf))).code()).isEqualTo("token-binding");
        Authenticator plain = bench.jwt();
        assertThat(Settled.refusal(Settled.of(plain.authenticate(JwtBench.bearer(token(cnf)))))
                        .code())
                .isEqualTo("token-binding");
        assertThat(dpop.asked).isEmpty();
    }

    @Test
    void DP_01_takesNoPlainTokenWhereOneMustBeBound() {
        assertThat(Settled.refusal(show("Bearer", token(""))).code()).isEqualTo("token-binding");
    }

    @Test
    void DP_01_takesNoBoundTokenWhereNobodyCanProveIt() {
        Authenticator plain = bench.jwt();
        for (String scheme : List.of("Bearer", "DPoP")) {
            Authentication found = plain.authenticate(JwtBench.shown(scheme + " " + token("{\"jkt\":\"abc\"}")));
            assertThat(Settled.refusal(Settled.of(found)).code()).isEqualTo("token-binding");
        }
    }

    @Test
    void asksEveryCheckThatTheTokenNames() {
        String token = token("{\"jkt\":\"abc\",\"x5t#S256\":\"def\"}");
        assertThat(show("DPoP", token)).isInstanceOf(Authentication.Proven.class);
        assertThat(dpop.asked).hasSize(1);
        assertThat(mtls.asked).hasSize(1);
        mtls.answer = new BoundCheck.Proof.Refused(Refusal.of(401, "no-certificate", "No", "No."));
        assertThat(Settled.refusal(show("DPoP", token)).code()).isEqualTo("no-certificate");
    }

    @Test
    void challengesAndKeepsBackAsItsChecksSay() {
        assertThat(jwt.challenges()).containsExactly("DPoP algs=\"ES256\"", "Bearer");
        assertThat(jwt.credentialFields()).containsExactlyInAnyOrder("authorization", "dpop");
        Refusal refusal = Settled.refusal(show("DPoP", KEY.token(bench.claimsWith("exp", "1"))));
        assertThat(Objects.requireNonNull(refusal.headers().first("www-authenticate")))
                .startsWith("DPoP algs=\"ES256\", error=\"invalid_token\"");
    }
}
