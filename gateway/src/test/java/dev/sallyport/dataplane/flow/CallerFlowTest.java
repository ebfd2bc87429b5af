package dev.sallyport.dataplane.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.admit.AccessRule;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// How callers are let in, and what becomes of them while their exchange lasts.
class CallerFlowTest {
    private static final Refusal BAD = Refusal.of(401, "bad", "Bad", "Bad.");
    private static final Refusal OTHER = Refusal.of(401, "other", "Other", "Other.");
    private static final Refusal THIRD = Refusal.of(401, "third", "Third", "Third.");
    private static final Principal ALICE = new Principal("alice", "staff", Set.of());
    private static final Authentication PROVEN = new Authentication.Proven(ALICE);

    /// An authenticator that says `says`, and what it is asked for besides.
    private record Says(Supplier<Authentication> says, Set<String> fields, List<String> schemes)
            implements Authenticator {
        @Override
        public Authentication authenticate(Exchange exchange) {
            return says.get();
        }

        @Override
        public Set<String> credentialFields() {
            return fields;
        }

        @Override
        public List<String> challenges() {
            return schemes;
        }
    }

    private static Authenticator says(Authentication authentication) {
        return new Says(() -> authentication, Set.of("authorization"), List.of());
    }

    private static AccessRule.Guarded rule(boolean optional, Authenticator... authenticators) {
        return new AccessRule.Guarded(
                List.of(authenticators),
                List.of(exchange -> new Verdict.Allow("any")),
                optional,
                AccessRule.Credentials.KEPT_BACK);
    }

    private static FlowBench bench(AccessRule rule) {
        FlowBench bench = new FlowBench().access(rule);
        bench.upstream.answer(call -> call.onHead(new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1), 0, true));
        return bench;
    }

    private static void assertPassesAs(AccessRule rule, @org.jspecify.annotations.Nullable Principal caller) {
        FlowBench bench = bench(rule).run();
        bench.turn();
        assertThat(bench.client.status()).isEqualTo(200);
        assertThat(bench.record().principal()).isEqualTo(caller);
    }

    private static void assertRefused(AccessRule rule, String reason) {
        FlowBench bench = bench(rule).run();
        bench.turn();
        assertThat(bench.client.status()).isEqualTo(401);
        assertThat(bench.client.reason()).isEqualTo(reason);
        assertThat(bench.record().admittedBy()).isEmpty();
        assertThat(bench.upstream.targets()).isEmpty();
    }

    // ---- the order of authenticators

    @Test
    void AZ_10_whatNobodyClaimsIsRefusedForTheFirstReason() {
        Authenticator other = says(new Authentication.Unclaimed(OTHER));
        Authenticator third = says(new Authentication.Unclaimed(THIRD));
        Authenticator none = says(Authentication.NO_CREDENTIAL);
        assertRefused(rule(false, other), "other");
        assertRefused(rule(false, other, third), "other");
        assertRefused(rule(false, none, third, other), "third");
        assertRefused(rule(true, other), "other");
        assertRefused(rule(true, none, other, none), "other");
        assertRefused(rule(true, says(later(new Authentication.Unclaimed(OTHER))), none), "other");
    }

    private static Authentication later(Authentication authentication) {
        return new Authentication.Await(CompletableFuture.completedFuture(authentication));
    }

    @Test
    void whatOneDoesNotClaimAnotherMay() {
        assertPassesAs(rule(false, says(new Authentication.Unclaimed(OTHER)), says(PROVEN)), ALICE);
        assertPassesAs(rule(false, says(Authentication.NO_CREDENTIAL), says(PROVEN)), ALICE);
        assertPassesAs(rule(true, says(later(new Authentication.Unclaimed(OTHER))), says(later(PROVEN))), ALICE);
    }

    @Test
    void AZ_10_aBadCredentialIsRefusedWhateverOthersWouldSay() {
        Authenticator bad = says(new Authentication.BadCredential(BAD));
        assertRefused(rule(false, bad, says(PROVEN)), "bad");
        assertRefused(rule(true, bad), "bad");
        assertRefused(rule(true, bad, says(Authentication.NO_CREDENTIAL)), "bad");
        assertRefused(rule(true, says(Authentication.NO_CREDENTIAL), bad), "bad");
        assertRefused(rule(true, says(new Authentication.Unclaimed(OTHER)), bad), "bad");
        assertRefused(rule(true, says(new Authentication.Challenge(BAD)), says(PROVEN)), "bad");
    }

    @Test
    void onlyWhereItIsOptionalNoCredentialIsAnonymous() {
        assertPassesAs(rule(true, says(Authentication.NO_CREDENTIAL)), null);
        assertRefused(rule(false, says(Authentication.NO_CREDENTIAL)), "credential-missing");
    }

    @Test
    void anAuthenticatorMayAnswerItself() {
        LocalResponse redirect = new LocalResponse(303, Headers.of("location", "/login"), new byte[0]);
        FlowBench bench = bench(rule(false, says(new Authentication.Answer(redirect)), says(PROVEN)))
                .run();
        assertThat(bench.client.status()).isEqualTo(303);
        assertThat(bench.record().admittedBy()).isEmpty();
        assertThat(bench.record().principal()).isNull();
        assertThat(bench.upstream.targets()).isEmpty();
    }

    // ---- challenges

    @Test
    void tellsEverySchemeAndWhereTheMetadataIs() {
        Authenticator tokens =
                new Says(() -> Authentication.NO_CREDENTIAL, Set.of(), List.of("Bearer", "DPoP algs=\"ES256\""));
        Authenticator passwords = new Says(() -> Authentication.NO_CREDENTIAL, Set.of(), List.of("Basic realm=\"a\""));
        FlowBench bench = bench(rule(false, tokens, passwords)).run();
        String metadata = "resource_metadata=\"http://gateway.test/.well-known/oauth-protected-resource\"";
        assertThat(bench.client.values("www-authenticate"))
                .containsExactly("Bearer " + metadata, "DPoP algs=\"ES256\", " + metadata, "Basic realm=\"a\"");
    }

    @Test
    void aRefusalsOwnChallengeIsCompleted() {
        Refusal refusal = BAD.with(Headers.of("www-authenticate", "Bearer error=\"invalid_token\"", "x-other", "1"));
        FlowBench bench = bench(rule(false, says(new Authentication.BadCredential(refusal))))
                .run();
        assertThat(bench.client.values("www-authenticate"))
                .containsExactly(
                        "Bearer error=\"invalid_token\", resource_metadata=\"http://gateway.test/.well-known/oauth-protected-resource\"");
        assertThat(bench.client.values("x-other")).containsExactly("1");
    }

    // ---- credentials on their way

    private static FlowBench withCredentials(AccessRule rule) {
        FlowBench bench = bench(rule)
                .request(
                        Method.GET,
                        "/orders/7",
                        "host",
                        "gateway.test",
                        "authorization",
                        "Badge a",
                        "x-badge",
                        "b",
                        "x-other",
                        "c");
        return bench.run();
    }

    @Test
    void HD_06_credentialsStayAtTheGateway() {
        Authenticator first = new Says(() -> Authentication.NO_CREDENTIAL, Set.of("x-badge"), List.of());
        Authenticator second = new Says(() -> PROVEN, Set.of("authorization"), List.of());
        FlowBench bench = withCredentials(rule(false, first, second));
        assertThat(bench.upstream.values("authorization")).isEmpty();
        assertThat(bench.upstream.values("x-badge")).isEmpty();
        assertThat(bench.upstream.values("x-other")).containsExactly("c");
    }

    @Test
    void HD_06_anonymousCallersPassNoCredentialOn() {
        Authenticator none = new Says(() -> Authentication.NO_CREDENTIAL, Set.of("x-badge"), List.of());
        FlowBench bench = withCredentials(rule(true, none));
        assertThat(bench.client.status()).isEqualTo(200);
        assertThat(bench.upstream.values("x-badge")).isEmpty();
    }

    @Test
    void credentialsArePassedWhereTheRouteSaysSo() {
        FlowBench bench = withCredentials(new AccessRule.Guarded(
                List.of(says(PROVEN)),
                List.of(exchange -> new Verdict.Allow("any")),
                false,
                AccessRule.Credentials.PASSED));
        assertThat(bench.upstream.values("authorization")).containsExactly("Badge a");
    }

    // ---- while the exchange lasts

    private final AtomicReference<Revocations.Standing> standing = new AtomicReference<>(Revocations.Standing.GOOD);

    private static Principal until(long epochSecond) {
        Credential credential = new Credential("jwt", null, null, null, null, 0, epochSecond);
        return new Principal("alice", "staff", null, Set.of(), Claims.NONE, credential);
    }

    /// A download that has begun.
    private FlowBench downloading(AccessRule rule) {
        FlowBench bench = new FlowBench().access(rule).revocations(caller -> standing.get());
        bench.upstream.answer(call -> {
            call.onHead(new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1), -1, false);
            call.onBody(
                    PooledByteBufAllocator.DEFAULT.buffer().writeBytes("he".getBytes(StandardCharsets.UTF_8)), false);
        });
        return bench.run();
    }

    private static void assertEnded(FlowBench bench) {
        assertThat(bench.client.events().getLast()).isEqualTo("abort ACCESS_ENDED");
        assertThat(bench.upstream.cancelled()).isTrue();
        assertThat(bench.record().failure()).isEqualTo(Failure.ACCESS_ENDED);
        assertThat(bench.record().principal()).isNotNull();
    }

    @Test
    void UP_10_OA_15_aRevokedCallersDownloadIsAborted() {
        FlowBench bench = downloading(rule(false, says(PROVEN)));
        bench.recheck();
        assertThat(bench.recorded).isEmpty();
        standing.set(Revocations.Standing.REVOKED);
        bench.recheck();
        assertEnded(bench);
        bench.recheck();
        assertThat(bench.recorded).hasSize(1);
    }

    @Test
    void UP_10_aRevokedCallersDownloadIsAbortedByItself() {
        FlowBench bench = downloading(rule(false, says(PROVEN)));
        standing.set(Revocations.Standing.REVOKED);
        bench.awaitRecorded();
        assertEnded(bench);
    }

    @Test
    void UP_10_anExpiredCallersDownloadIsAborted() {
        FlowBench bench = downloading(rule(false, says(new Authentication.Proven(until(1)))));
        bench.awaitRecorded();
        assertEnded(bench);
    }

    @Test
    void aCallerWhoseTimeIsNotOverGoesOn() {
        FlowBench bench = downloading(rule(false, says(new Authentication.Proven(until(Credential.NEVER)))));
        bench.recheck();
        assertThat(bench.recorded).isEmpty();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
    }

    @Test
    void UP_10_aRevokedCallerThatStillWaitsIsRefused() {
        Authenticator tokens = new Says(() -> PROVEN, Set.of(), List.of("Bearer"));
        FlowBench bench = new FlowBench()
                .access(rule(false, tokens))
                .revocations(caller -> standing.get())
                .policy(Phase.METER, exchange -> new Decision.Await(new CompletableFuture<>()))
                .run();
        standing.set(Revocations.Standing.REVOKED);
        bench.recheck();
        assertThat(bench.client.status()).isEqualTo(401);
        assertThat(bench.client.reason()).isEqualTo("credential-revoked");
        assertThat(bench.client.values("www-authenticate").getFirst())
                .startsWith("Bearer error=\"invalid_token\", resource_metadata=");
        assertThat(bench.record().failure()).isEqualTo(Failure.ACCESS_ENDED);
    }

    @Test
    void OA_15_aRevokedCallerIsNotLetIn() {
        standing.set(Revocations.Standing.REVOKED);
        Authenticator tokens = new Says(() -> PROVEN, Set.of(), List.of("Bearer", "Badge"));
        FlowBench bench = bench(rule(true, tokens, says(PROVEN)))
                .revocations(caller -> standing.get())
                .run();
        assertThat(bench.client.status()).isEqualTo(401);
        assertThat(bench.client.reason()).isEqualTo("credential-revoked");
        assertThat(bench.client.values("www-authenticate"))
                .containsExactly(
                        "Bearer error=\"invalid_token\", resource_metadata=\"http://gateway.test/.well-known/oauth-protected-resource\"",
                        "Badge");
        assertThat(bench.record().principal()).isEqualTo(ALICE);
        assertThat(bench.upstream.targets()).isEmpty();
    }

    @Test
    void OA_15_nobodyIsLetInWhileRevocationIsUnknown() {
        standing.set(Revocations.Standing.UNKNOWN);
        FlowBench bench = bench(rule(false, says(PROVEN)))
                .revocations(caller -> standing.get())
                .run();
        assertThat(bench.client.status()).isEqualTo(503);
        assertThat(bench.client.reason()).isEqualTo("revocation-unknown");
        assertThat(bench.upstream.targets()).isEmpty();
    }

    @Test
    void whatGoesOnWhileRevocationIsUnknownIsLeftAlone() {
        FlowBench bench = downloading(rule(false, says(PROVEN)));
        standing.set(Revocations.Standing.UNKNOWN);
        bench.recheck();
        assertThat(bench.recorded).isEmpty();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
    }

    @Test
    void anonymousCallersAreNotLookedAtAgain() {
        standing.set(Revocations.Standing.REVOKED);
        FlowBench bench = downloading(rule(true, says(Authentication.NO_CREDENTIAL)));
        bench.recheck();
        assertThat(bench.recorded).isEmpty();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
    }
}
