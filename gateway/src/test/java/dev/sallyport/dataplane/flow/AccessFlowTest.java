package dev.sallyport.dataplane.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AnyCaller;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What becomes of what authorizers say: told to the caller in its scheme, noted, on trial, and looked at again while
/// an
/// exchange lasts.
class AccessFlowTest {
    private static final Principal ALICE = new Principal("alice", "staff", Set.of());
    private static final Refusal SCOPE = Refusal.of(403, "insufficient-scope", "Forbidden", "Wider.");
    private static final Refusal STRENGTH =
            Refusal.of(401, "insufficient-user-authentication", "Stronger", "Stronger.");
    private static final Refusal NO =
            Refusal.of(403, "access-denied", "Forbidden", "No.").because("requirement-unmet");
    private static final Strength GOLD = new Strength(List.of("gold", "silver"), 300);
    private static final Authorizer DENIES = new Authorizer() {
        @Override
        public Verdict judge(Exchange exchange) {
            return new Verdict.Deny(NO, "require orders:write");
        }

        @Override
        public int holdsForSeconds() {
            return UNTIL_CHANGED;
        }
    };
    private static final LocalResponse LOGIN = new LocalResponse(303, Headers.of("location", "/login"), new byte[0]);
    private static final String METADATA =
            ", resource_metadata=\"http://gateway.test/.well-known/oauth-protected-resource\"";

    /// Proves ALICE to whoever shows anything, invites with `invitation` and takes further with `stepUp`.
    private record Tokens(List<String> schemes, Authentication invitation, Authentication more)
            implements Authenticator {
        Tokens(String... schemes) {
            this(List.of(schemes), Authentication.NO_CREDENTIAL, Authentication.NO_CREDENTIAL);
        }

        @Override
        public Authentication authenticate(Exchange exchange) {
            return exchange.request().headers().first("authorization") == null
                    ? Authentication.NO_CREDENTIAL
                    : new Authentication.Proven(ALICE);
        }

        @Override
        public Authentication invite(Exchange exchange) {
            return invitation;
        }

        @Override
        public Authentication stepUp(Exchange exchange, Strength wanted) {
            return more;
        }

        @Override
        public List<String> challenges() {
            return schemes;
        }
    }

    private static AccessRule.Guarded rule(
            boolean optional, Enforcement mode, Authenticator authenticator, Authorizer... authorizers) {
        return new AccessRule.Guarded(
                List.of(authenticator),
                List.of(authorizers),
                optional,
                AccessRule.Credentials.KEPT_BACK,
                mode,
                Set.of("staff"));
    }

    private static AccessRule.Guarded rule(Authenticator authenticator, Authorizer... authorizers) {
        return rule(false, Enforcement.ENFORCE, authenticator, authorizers);
    }

    private static FlowBench bench(AccessRule rule, String authorization) {
        FlowBench bench = new FlowBench().access(rule);
        if (!authorization.isEmpty()) {
            bench.request(Method.GET, "/orders/7", "host", "gateway.test", "authorization", authorization);
        }
        bench.upstream.answer(call -> call.onHead(new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1), 0, true));
        bench.run();
        bench.turn();
        return bench;
    }

    // ---- what the caller is told

    @Test
    void aDenialNamesItsRuleInTheRecordAndNotToTheCaller() {
        FlowBench bench = bench(rule(new Tokens("Bearer"), DENIES), "Bearer t");
        assertThat(bench.client.status()).isEqualTo(403);
        assertThat(bench.client.reason()).isEqualTo("access-denied");
        assertThat(bench.client.body()).doesNotContain("orders:write").doesNotContain("requirement");
        assertThat(bench.client.values("www-authenticate")).isEmpty();
        assertThat(bench.record().deniedBy()).isEqualTo("require orders:write");
        assertThat(bench.record().admittedBy()).isEmpty();
        assertThat(bench.record().refusal()).extracting(Refusal::code).isEqualTo("requirement-unmet");
        assertThat(bench.upstream.targets()).isEmpty();
    }

    @Test
    void AZ_04_aDenialByAnyAuthorizerRefuses() {
        Authorizer allows = exchange -> new Verdict.Allow("first");
        assertThat(bench(rule(new Tokens(), allows, DENIES), "x y").client.status())
                .isEqualTo(403);
        assertThat(bench(rule(new Tokens(), DENIES, allows), "x y").client.status())
                .isEqualTo(403);
        FlowBench bench = bench(rule(new Tokens(), allows, exchange -> new Verdict.Allow("second")), "x y");
        assertThat(bench.client.status()).isEqualTo(200);
        assertThat(bench.record().admittedBy()).isEqualTo("first");
    }

    @Test
    void AZ_01_whereNobodyDecidesNobodyPasses() {
        assertThat(bench(rule(new Tokens()), "x y").client.status()).isEqualTo(403);
        FlowBench anonymous = bench(rule(true, Enforcement.ENFORCE, new Tokens("Bearer")), "");
        assertThat(anonymous.client.status()).isEqualTo(403);
        assertThat(anonymous.upstream.targets()).isEmpty();
    }

    @Test
    void AZ_01_thatNothingSpeaksAgainstACallerIsNoReasonToLetItIn() {
        Authorizer nothingAgainst = exchange -> new Verdict.Allow("");
        FlowBench bench = bench(rule(new Tokens(), nothingAgainst, nothingAgainst), "x y");
        assertThat(bench.client.status()).isEqualTo(403);
        assertThat(bench.upstream.targets()).isEmpty();
        Authorizer allows = exchange -> new Verdict.Allow("second");
        FlowBench let = bench(rule(new Tokens(), nothingAgainst, allows), "x y");
        assertThat(let.client.status()).isEqualTo(200);
        assertThat(let.record().admittedBy()).isEqualTo("second");
    }

    @Test
    void insufficientScopeIsToldInTheSchemeOfTheToken() {
        Authorizer scopes = exchange -> new Verdict.Prove(SCOPE, "require scope a b", null, List.of("a", "b"));
        Tokens both = new Tokens("Bearer", "DPoP algs=\"ES256\"");
        FlowBench bearer = bench(rule(both, scopes), "bearer t");
        assertThat(bearer.client.status()).isEqualTo(403);
        assertThat(bearer.client.reason()).isEqualTo("insufficient-scope");
        assertThat(bearer.client.values("www-authenticate"))
                .containsExactly("Bearer error=\"insufficient_scope\", scope=\"a b\"" + METADATA);
        assertThat(bench(rule(both, scopes), "DPoP t").client.values("www-authenticate"))
                .containsExactly("DPoP error=\"insufficient_scope\", scope=\"a b\"" + METADATA);
        // who showed no token is not told how to
        FlowBench key = bench(rule(new Tokens("ApiKey"), scopes), "ApiKey t");
        assertThat(key.client.status()).isEqualTo(403);
        assertThat(key.client.values("www-authenticate")).isEmpty();
    }

    @Test
    void insufficientAuthenticationIsToldInTheSchemeOfTheToken() {
        Authorizer strong = exchange -> new Verdict.Prove(STRENGTH, "require strength", GOLD, List.of());
        FlowBench bearer = bench(rule(new Tokens("Bearer", "DPoP algs=\"ES256\""), strong), "Bearer t");
        assertThat(bearer.client.status()).isEqualTo(401);
        assertThat(bearer.client.reason()).isEqualTo("insufficient-user-authentication");
        assertThat(bearer.client.values("www-authenticate"))
                .containsExactly("Bearer error=\"insufficient_user_authentication\", acr_values=\"gold silver\","
                        + " max_age=\"300\"" + METADATA);
        FlowBench session = bench(rule(new Tokens("Session login=\"/login\""), strong), "x y");
        assertThat(session.client.status()).isEqualTo(401);
        assertThat(session.client.values("www-authenticate")).containsExactly("Session login=\"/login\"");
    }

    @Test
    void anAuthenticatorMayTakeItsCallerFurtherItself() {
        Authorizer strong = exchange -> new Verdict.Prove(STRENGTH, "require strength", GOLD, List.of());
        Authentication answer = new Authentication.Answer(LOGIN);
        for (Authentication more :
                List.of(answer, new Authentication.Await(CompletableFuture.completedFuture(answer)))) {
            FlowBench bench =
                    bench(rule(new Tokens(List.of("Session"), Authentication.NO_CREDENTIAL, more), strong), "x y");
            assertThat(bench.client.status()).isEqualTo(303);
            assertThat(bench.record().deniedBy()).isEqualTo("require strength");
        }
        FlowBench proves = bench(
                rule(new Tokens(List.of(), Authentication.NO_CREDENTIAL, new Authentication.Proven(ALICE)), strong),
                "x y");
        assertThat(proves.client.status()).isEqualTo(503);
        assertThat(proves.upstream.targets()).isEmpty();
    }

    @Test
    void AZ_10_anonymousCallersOfWhomMoreIsAskedAreInvited() {
        Authorizer wanting = exchange -> exchange.principal() == null
                ? new Verdict.Prove(STRENGTH, "require orders:read", null, List.of())
                : new Verdict.Allow("require orders:read");
        FlowBench told = bench(rule(true, Enforcement.ENFORCE, new Tokens("Bearer"), wanting), "");
        assertThat(told.client.status()).isEqualTo(401);
        assertThat(told.client.reason()).isEqualTo("credential-missing");
        assertThat(told.client.values("www-authenticate").getFirst()).startsWith("Bearer ");
        assertThat(told.record().deniedBy()).isEqualTo("require orders:read");
        Tokens browser = new Tokens(List.of(), new Authentication.Answer(LOGIN), Authentication.NO_CREDENTIAL);
        assertThat(bench(rule(true, Enforcement.ENFORCE, browser, wanting), "")
                        .client
                        .status())
                .isEqualTo(303);
        assertThat(bench(rule(true, Enforcement.ENFORCE, new Tokens("Bearer"), wanting), "x y")
                        .client
                        .status())
                .isEqualTo(200);
    }

    @Test
    void AZ_11_whatAServerLeavesOpenIsRefusedWithItsReason() {
        Refusal down = Refusal.of(503, "authorizer-unavailable", "Access could not be decided", "Try again later.");
        for (Authorizer one : List.<Authorizer>of(
                exchange -> new Verdict.Undecided(down, "ask policies"),
                exchange -> new Verdict.Await(
                        CompletableFuture.completedFuture(new Verdict.Undecided(down, "ask policies"))))) {
            FlowBench bench = bench(rule(false, Enforcement.ENFORCE, new Tokens("Bearer"), one), "x y");
            assertThat(bench.client.status()).isEqualTo(503);
            assertThat(bench.record().deniedBy()).isEqualTo("ask policies");
            assertThat(bench.upstream.targets()).isEmpty();
        }
    }

    @Test
    void AZ_11_anAuthorizerWithABugRefusesWhoeverWasProvenLater() {
        Authentication alice =
                new Authentication.Await(CompletableFuture.completedFuture(new Authentication.Proven(ALICE)));
        for (Authentication one : List.of(alice, new Authentication.Proven(ALICE))) {
            FlowBench bench = bench(
                    rule(exchange -> one, exchange -> {
                        throw new IllegalStateException("a bug");
                    }),
                    "x y");
            assertThat(bench.client.status()).isIn(500, 503);
            assertThat(bench.upstream.targets()).isEmpty();
        }
    }

    // ---- shadow mode

    @NullUnmarked
    private static Verdict nothing() {
        return null;
    }

    @Test
    void whatARuleOnTrialRefusesPassesAndIsNoted() {
        CompletableFuture<Verdict> failed = CompletableFuture.failedFuture(new IllegalStateException("down"));
        List<Authorizer> refusing = List.of(
                DENIES,
                exchange -> new Verdict.Prove(STRENGTH, "require strength", GOLD, List.of()),
                exchange -> nothing(),
                exchange -> new Verdict.Undecided(NO, "ask policies"),
                exchange -> new Verdict.Await(failed),
                exchange -> new Verdict.Await(CompletableFuture.completedFuture(new Verdict.Deny(NO, "later"))),
                exchange -> {
                    throw new IllegalStateException("a bug");
                });
        List<String> rules = List.of(
                "require orders:write",
                "require strength",
                "undecided",
                "ask policies",
                "undecided",
                "later",
                "undecided");
        for (int i = 0; i < refusing.size(); i++) {
            FlowBench bench = bench(rule(false, Enforcement.SHADOW, new Tokens("Bearer"), refusing.get(i)), "x y");
            assertThat(bench.client.status()).isEqualTo(200);
            assertThat(bench.record().shadowDeniedBy()).isEqualTo(rules.get(i));
            assertThat(bench.record().deniedBy()).isEmpty();
            assertThat(bench.record().admittedBy()).isEqualTo("shadow");
        }
    }

    @Test
    void aRuleOnTrialStillAsksWhoCalls() {
        AccessRule trial = rule(false, Enforcement.SHADOW, new Tokens("Bearer"), DENIES);
        assertThat(bench(trial, "").client.status()).isEqualTo(401);
        FlowBench allowed =
                bench(rule(false, Enforcement.SHADOW, new Tokens(), exchange -> new Verdict.Allow("r")), "x y");
        assertThat(allowed.record().shadowDeniedBy()).isEmpty();
        assertThat(allowed.record().admittedBy()).isEqualTo("r");
    }

    // ---- while the exchange lasts

    private static FlowBench downloading(AccessRule rule, String authorization) {
        FlowBench bench = new FlowBench().access(rule);
        if (!authorization.isEmpty()) {
            bench.request(Method.GET, "/orders/7", "host", "gateway.test", "authorization", authorization);
        }
        bench.upstream.answer(call -> {
            call.onHead(new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1), -1, false);
            call.onBody(
                    PooledByteBufAllocator.DEFAULT.buffer().writeBytes("he".getBytes(StandardCharsets.UTF_8)), false);
        });
        return bench.run();
    }

    private static void assertGoesOn(FlowBench bench) {
        bench.turn();
        assertThat(bench.recorded).isEmpty();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
    }

    private static void assertEnded(FlowBench bench, String rule) {
        bench.turn();
        assertThat(bench.client.events().getLast()).isEqualTo("abort ACCESS_ENDED");
        assertThat(bench.upstream.cancelled()).isTrue();
        assertThat(bench.record().failure()).isEqualTo(Failure.ACCESS_ENDED);
        assertThat(bench.record().deniedBy()).isEqualTo(rule);
        bench.recheck();
        assertThat(bench.recorded).hasSize(1);
    }

    private static final AccessRule.Guarded ALLOWS = rule(new Tokens("Bearer"), new AnyCaller());

    @Test
    void AZ_06_anotherRuleIsObeyedByWhatGoesOn() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reload("orders", rule(new Tokens("Bearer"), DENIES));
        assertEnded(bench, "require orders:write");
    }

    @Test
    void AZ_06_whatTheNewRuleAllowsGoesOn() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reload("orders", rule(new Tokens("Bearer"), new AnyCaller()));
        assertGoesOn(bench);
        FlowBench open = downloading(ALLOWS, "x y");
        open.reload("orders", new AccessRule.Public());
        assertGoesOn(open);
        FlowBench trial = downloading(ALLOWS, "x y");
        trial.reload("orders", rule(false, Enforcement.SHADOW, new Tokens("Bearer"), DENIES));
        assertGoesOn(trial);
    }

    @Test
    void AZ_06_aRouteThatIsGoneEndsWhatItLetIn() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reloadWithoutRoutes();
        assertEnded(bench, "route");
    }

    @Test
    void aRouteThatIsCalledOtherwiseIsStillThere() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reload("renamed", rule(new Tokens("Bearer"), new AnyCaller()));
        assertGoesOn(bench);
        FlowBench stricter = downloading(ALLOWS, "x y");
        stricter.reload("renamed", rule(new Tokens("Bearer"), DENIES));
        assertEnded(stricter, "require orders:write");
    }

    @Test
    void AZ_06_callersOfAnAuthenticatorThatIsNoLongerTakenEnd() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reload(
                "orders",
                new AccessRule.Guarded(
                        List.of(new Tokens()),
                        List.of(new AnyCaller()),
                        false,
                        AccessRule.Credentials.KEPT_BACK,
                        Enforcement.ENFORCE,
                        Set.of("partners")));
        assertEnded(bench, "route");
    }

    @Test
    void AZ_06_anonymousCallersEndWhereACredentialIsNeededNow() {
        FlowBench open = downloading(new AccessRule.Public(), "");
        open.reload("orders", ALLOWS);
        assertThat(open.client.events().getLast()).isEqualTo("abort ACCESS_ENDED");
        FlowBench optional = downloading(rule(true, Enforcement.ENFORCE, new Tokens("Bearer"), new AnyCaller()), "");
        optional.reload("orders", ALLOWS);
        assertThat(optional.client.events().getLast()).isEqualTo("abort ACCESS_ENDED");
        FlowBench still = downloading(rule(true, Enforcement.ENFORCE, new Tokens("Bearer"), new AnyCaller()), "");
        still.reload("orders", rule(true, Enforcement.ENFORCE, new Tokens("Bearer"), new AnyCaller()));
        assertGoesOn(still);
        // nobody was let in for what they are: nothing is taken from them
        FlowBench gone = downloading(new AccessRule.Public(), "");
        gone.reloadWithoutRoutes();
        assertGoesOn(gone);
    }

    @Test
    void UP_10_aConditionThatNoLongerHoldsEndsWhatGoesOn() {
        Authorizer once = new Authorizer() {
            private int asked;

            @Override
            public Verdict judge(Exchange exchange) {
                return asked++ == 0 ? new Verdict.Allow("when") : new Verdict.Deny(NO, "when");
            }

            @Override
            public int holdsForSeconds() {
                return 1;
            }
        };
        FlowBench bench = downloading(rule(new Tokens(), once), "x y");
        bench.awaitRecorded();
        assertEnded(bench, "when");
    }

    @Test
    void UP_10_whoWouldHaveToProveMoreByNowEnds() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reload("orders", rule(new Tokens(), new Authorizer() {
            @Override
            public Verdict judge(Exchange exchange) {
                return new Verdict.Prove(STRENGTH, "require strength", GOLD, List.of());
            }

            @Override
            public int holdsForSeconds() {
                return UNTIL_CHANGED;
            }
        }));
        assertEnded(bench, "require strength");
    }

    @Test
    void AZ_11_anAuthorizerWithABugEndsWhatGoesOn() {
        FlowBench bench = downloading(ALLOWS, "x y");
        bench.reload("orders", rule(new Tokens(), new Authorizer() {
            @Override
            public Verdict judge(Exchange exchange) {
                throw new IllegalStateException("a bug");
            }

            @Override
            public int holdsForSeconds() {
                return UNTIL_CHANGED;
            }
        }));
        assertEnded(bench, "undecided");
    }
}
