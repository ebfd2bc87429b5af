package dev.sallyport.dataplane.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
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
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.forward.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The life of a request: every phase and everything that can be said in it.
class FlowTest {
    private static final Refusal REFUSAL = Refusal.of(429, "too-many", "Too many", "Later.");
    private static final Principal CALLER = new Principal("alice", "staff", Set.of());
    private static final Authorizer ALLOW = exchange -> new Verdict.Allow("rule-1");
    private static final List<Phase> POLICY_PHASES = List.of(Phase.SCREEN, Phase.METER, Phase.ANSWER, Phase.PREPARE);

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT.buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ResponseHead head(int status) {
        return new ResponseHead(status, Headers.EMPTY, HttpVersion.HTTP_1_1);
    }

    private static void answers(UpstreamListener call) {
        call.onHead(head(200), 5, false);
        call.onBody(bytes("hello"), true);
    }

    private static LocalResponse local() {
        return new LocalResponse(203, Headers.EMPTY, "local".getBytes(StandardCharsets.UTF_8));
    }

    /// What a policy says, and what becomes of the exchange.
    private record Saying(String name, Supplier<Decision> decision, int status, String reason) {}

    @NullUnmarked
    private static Decision nothing() {
        return null;
    }

    @NullUnmarked
    private static CompletableFuture<Decision> nothingLater() {
        return CompletableFuture.completedFuture(null);
    }

    private static Decision later(Decision decision) {
        return new Decision.Await(CompletableFuture.completedFuture(decision));
    }

    private static Decision broken() {
        throw new IllegalStateException("bug in a policy");
    }

    private static Decision endless() {
        throw new StackOverflowError();
    }

    private static final List<Saying> SAYINGS = List.of(
            new Saying("proceed", () -> Decision.PROCEED, 200, ""),
            new Saying("refuse", () -> new Decision.Refuse(REFUSAL), 429, "too-many"),
            new Saying("answer", () -> new Decision.Answer(local()), 203, ""),
            new Saying("await proceed", () -> later(Decision.PROCEED), 200, ""),
            new Saying("await refuse", () -> later(new Decision.Refuse(REFUSAL)), 429, "too-many"),
            new Saying("await answer", () -> later(new Decision.Answer(local())), 203, ""),
            new Saying("await await proceed", () -> later(later(Decision.PROCEED)), 200, ""),
            new Saying("await null", () -> new Decision.Await(nothingLater()), 503, "policy-undecided"),
            new Saying(
                    "await failure",
                    () -> new Decision.Await(CompletableFuture.failedFuture(new IllegalStateException("down"))),
                    503,
                    "policy-undecided"),
            new Saying("await nothing", () -> new Decision.Await(new CompletableFuture<>()), 503, "policy-undecided"),
            new Saying("null", FlowTest::nothing, 503, "policy-undecided"),
            new Saying("exception", FlowTest::broken, 500, "internal"),
            new Saying("stack overflow", FlowTest::endless, 500, "internal"));

    @TestFactory
    Stream<DynamicTest> FA_19_AZ_11_everyDecisionInEveryPhase() {
        return POLICY_PHASES.stream()
                .flatMap(phase -> SAYINGS.stream()
                        .map(saying -> DynamicTest.dynamicTest(
                                phase + ": " + saying.name(), () -> assertDecision(phase, saying))));
    }

    private static void assertDecision(Phase phase, Saying saying) {
        FlowBench bench =
                new FlowBench().policy(phase, exchange -> saying.decision().get());
        if (saying.name().equals("await nothing")) {
            bench.impatient();
        }
        bench.upstream.answer(FlowTest::answers);
        bench.run();
        bench.awaitRecorded();

        assertThat(bench.client.status()).isEqualTo(saying.status());
        assertThat(bench.client.ended()).isTrue();
        assertThat(bench.upstream.targets()).hasSize(saying.status() == 200 ? 1 : 0);
        Exchange exchange = bench.record();
        assertThat(exchange.status()).isEqualTo(saying.status());
        if (!saying.reason().isEmpty()) {
            assertThat(bench.client.reason()).isEqualTo(saying.reason());
            assertThat(exchange.refusal()).extracting(Refusal::code).isEqualTo(saying.reason());
        }
        assertThat(bench.bugs).hasSize(saying.status() == 500 ? 1 : 0);
        assertThat(exchange.failure()).isEqualTo(saying.status() == 500 ? Failure.INTERNAL : null);
    }

    @Test
    void runsPhasesInTheirOrderWithTheGateAfterScreen() {
        List<String> order = new ArrayList<>();
        FlowBench bench = new FlowBench();
        for (Phase phase : POLICY_PHASES) {
            bench.policy(phase, exchange -> {
                order.add(phase.name());
                return Decision.PROCEED;
            });
        }
        bench.access(new AccessRule.Guarded(
                List.of(exchange -> {
                    order.add("authenticate");
                    return new Authentication.Proven(CALLER);
                }),
                List.of(exchange -> {
                    order.add("authorize");
                    return new Verdict.Allow("rule-1");
                })));
        bench.upstream.answer(call -> {
            order.add("FORWARD");
            answers(call);
        });
        bench.responsePolicy((exchange, head) -> order.add("response"));
        bench.run();
        assertThat(order)
                .containsExactly(
                        "SCREEN", "authenticate", "authorize", "METER", "ANSWER", "PREPARE", "FORWARD", "response");
        assertThat(bench.record().admittedBy()).isEqualTo("rule-1");
    }

    @Test
    void asksNoPolicyAfterOneThatStopped() {
        FlowBench bench = new FlowBench()
                .policy(Phase.SCREEN, exchange -> new Decision.Refuse(REFUSAL))
                .policy(Phase.SCREEN, exchange -> broken())
                .policy(Phase.PREPARE, exchange -> broken());
        bench.run();
        assertThat(bench.record().status()).isEqualTo(429);
        assertThat(bench.bugs).isEmpty();
    }

    @Test
    void ignoresADecisionThatComesTooLate() {
        CompletableFuture<Decision> late = new CompletableFuture<>();
        FlowBench bench = new FlowBench().policy(Phase.METER, exchange -> new Decision.Await(late));
        bench.upstream.answer(FlowTest::answers);
        bench.impatient().run();
        bench.awaitRecorded();
        assertThat(bench.record().status()).isEqualTo(503);
        late.complete(Decision.PROCEED);
        bench.turn();
        assertThat(bench.upstream.targets()).isEmpty();
        assertThat(bench.record().status()).isEqualTo(503);
    }

    @Test
    void ignoresADecisionForAClientThatIsGone() {
        CompletableFuture<Decision> late = new CompletableFuture<>();
        FlowBench bench = new FlowBench().policy(Phase.METER, exchange -> new Decision.Await(late));
        bench.run();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
        late.complete(Decision.PROCEED);
        bench.turn();
        assertThat(bench.upstream.targets()).isEmpty();
        assertThat(bench.record().failure()).isEqualTo(Failure.CLIENT_CLOSED);
        assertThat(bench.client.events()).isEmpty();
    }

    // ---- ADMIT

    /// What an authenticator and an authorizer say, and what becomes of the exchange.
    private record Gate(String name, Authenticator authenticator, Authorizer authorizer, int status, String reason) {}

    @NullUnmarked
    private static Authentication unknown() {
        return null;
    }

    @NullUnmarked
    private static Verdict noVerdict() {
        return null;
    }

    private static <T> CompletableFuture<T> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("down"));
    }

    private static IllegalStateException bug() {
        return new IllegalStateException("bug at the gate");
    }

    private static final Authenticator BROKEN_AUTHENTICATOR = exchange -> {
        throw bug();
    };
    private static final Authorizer BROKEN_AUTHORIZER = exchange -> {
        throw bug();
    };

    private static Stream<Gate> gates() {
        Authenticator proven = exchange -> new Authentication.Proven(CALLER);
        return Stream.of(
                new Gate("allowed", proven, ALLOW, 200, ""),
                new Gate("no credential", exchange -> Authentication.NO_CREDENTIAL, ALLOW, 401, "credential-missing"),
                new Gate(
                        "bad credential",
                        exchange -> new Authentication.BadCredential(REFUSAL),
                        ALLOW,
                        429,
                        "too-many"),
                new Gate("challenge", exchange -> new Authentication.Challenge(REFUSAL), ALLOW, 429, "too-many"),
                new Gate("null", exchange -> unknown(), ALLOW, 503, "access-undecided"),
                new Gate("authenticator throws", BROKEN_AUTHENTICATOR, ALLOW, 500, "internal"),
                new Gate(
                        "await proven",
                        exchange -> new Authentication.Await(
                                CompletableFuture.completedFuture(new Authentication.Proven(CALLER))),
                        ALLOW,
                        200,
                        ""),
                new Gate(
                        "await failure",
                        exchange -> new Authentication.Await(failed()),
                        ALLOW,
                        503,
                        "access-undecided"),
                new Gate(
                        "await null",
                        exchange -> new Authentication.Await(
                                CompletableFuture.supplyAsync(FlowTest::unknown, Runnable::run)),
                        ALLOW,
                        503,
                        "access-undecided"),
                new Gate(
                        "await nothing",
                        exchange -> new Authentication.Await(new CompletableFuture<>()),
                        ALLOW,
                        503,
                        "policy-undecided"),
                new Gate("deny", proven, exchange -> new Verdict.Deny(REFUSAL, "rule-2"), 429, "too-many"),
                new Gate("verdict null", proven, exchange -> noVerdict(), 503, "access-undecided"),
                new Gate("authorizer throws", proven, BROKEN_AUTHORIZER, 500, "internal"),
                new Gate(
                        "await allow",
                        proven,
                        exchange -> new Verdict.Await(CompletableFuture.completedFuture(new Verdict.Allow("rule-1"))),
                        200,
                        ""),
                new Gate(
                        "await verdict failure",
                        proven,
                        exchange -> new Verdict.Await(failed()),
                        503,
                        "access-undecided"),
                new Gate(
                        "await no verdict",
                        proven,
                        exchange -> new Verdict.Await(new CompletableFuture<>()),
                        503,
                        "policy-undecided"));
    }

    @TestFactory
    Stream<DynamicTest> AZ_11_everythingButAllowRefuses() {
        return gates().map(gate -> DynamicTest.dynamicTest(gate.name(), () -> {
            FlowBench bench = new FlowBench()
                    .access(new AccessRule.Guarded(List.of(gate.authenticator()), List.of(gate.authorizer())));
            if (gate.reason().equals("policy-undecided")) {
                bench.impatient();
            }
            bench.upstream.answer(FlowTest::answers);
            bench.run();
            bench.awaitRecorded();
            assertThat(bench.client.status()).isEqualTo(gate.status());
            assertThat(bench.upstream.targets()).hasSize(gate.status() == 200 ? 1 : 0);
            if (gate.status() == 200) {
                assertThat(bench.record().principal()).isEqualTo(CALLER);
            } else {
                assertThat(bench.client.reason()).isEqualTo(gate.reason());
                assertThat(bench.record().admittedBy()).isEmpty();
            }
        }));
    }

    @Test
    void AZ_11_aGuardedRouteWithoutAuthorizerLetsNobodyIn() {
        FlowBench bench = new FlowBench()
                .access(new AccessRule.Guarded(List.of(exchange -> new Authentication.Proven(CALLER)), List.of()));
        bench.run();
        assertThat(bench.record().status()).isEqualTo(403);
    }

    @Test
    void AZ_10_aBadCredentialIsNeverAnonymous() {
        FlowBench bench = new FlowBench()
                .access(new AccessRule.Guarded(
                        List.of(
                                exchange -> new Authentication.BadCredential(REFUSAL),
                                exchange -> new Authentication.Proven(CALLER)),
                        List.of(ALLOW)));
        bench.run();
        assertThat(bench.record().status()).isEqualTo(429);
    }

    // ---- routes

    @Test
    void refusesWhatNoRouteMatches() {
        assertRefused(new FlowBench().request(Method.GET, "/nowhere"), 404, "route-unknown");
        assertRefused(new FlowBench().request(Method.TRACE, "/orders/7"), 405, "trace-refused");
        assertRefused(new FlowBench().request(Method.GET, "/orders/7", "via", "1.1 bench"), 508, "loop-detected");
        assertRefused(new FlowBench().withoutUpstream(), 500, "route-unanswered");
    }

    private static void assertRefused(FlowBench bench, int status, String reason) {
        bench.run();
        assertThat(bench.client.status()).isEqualTo(status);
        assertThat(bench.client.reason()).isEqualTo(reason);
        assertThat(bench.record().status()).isEqualTo(status);
        assertThat(bench.upstream.targets()).isEmpty();
    }

    // ---- FORWARD

    /// What an upstream does, what the client is sent and what is noted.
    private record Scene(String name, Function<FlowBench, FlowBench> play, String lastEvent, Failure failure) {}

    @TestFactory
    Stream<DynamicTest> FA_01_everyFailureIsVisible() {
        return Stream.of(
                        new Scene(
                                "connect fails",
                                bench -> {
                                    bench.upstream.refuse(Failure.CONNECT_FAILED);
                                    return bench.run();
                                },
                                "502 upstream-connect-failed",
                                Failure.CONNECT_FAILED),
                        new Scene(
                                "connect is late",
                                bench -> {
                                    bench.upstream.refuse(Failure.CONNECT_TIMEOUT);
                                    return bench.run();
                                },
                                "504 upstream-connect-timeout",
                                Failure.CONNECT_TIMEOUT),
                        new Scene(
                                "reset before the head",
                                bench -> failing(bench, Failure.RESET_BEFORE_RESPONSE),
                                "502 upstream-reset",
                                Failure.RESET_BEFORE_RESPONSE),
                        new Scene(
                                "malformed head",
                                bench -> failing(bench, Failure.RESPONSE_MALFORMED),
                                "502 upstream-malformed",
                                Failure.RESPONSE_MALFORMED),
                        new Scene(
                                "head is late",
                                bench -> failing(bench, Failure.RESPONSE_HEAD_TIMEOUT),
                                "504 upstream-response-timeout",
                                Failure.RESPONSE_HEAD_TIMEOUT),
                        new Scene(
                                "all is late",
                                bench -> bench.totalTimeout(1).run(),
                                "504 upstream-total-timeout",
                                Failure.TOTAL_TIMEOUT),
                        new Scene(
                                "reset after the head",
                                bench -> {
                                    bench.upstream.answer(call -> call.onHead(head(200), 10, false));
                                    bench.run().upstream.listener().onFailure(Failure.RESPONSE_TRUNCATED, false, false);
                                    return bench;
                                },
                                "abort RESPONSE_TRUNCATED",
                                Failure.RESPONSE_TRUNCATED),
                        new Scene(
                                "malformed body",
                                bench -> {
                                    bench.upstream.answer(call -> {
                                        call.onHead(head(200), -1, false);
                                        call.onBody(bytes("he"), false);
                                    });
                                    bench.run().upstream.listener().onFailure(Failure.RESPONSE_MALFORMED, false, false);
                                    return bench;
                                },
                                "abort RESPONSE_MALFORMED",
                                Failure.RESPONSE_MALFORMED))
                .map(scene -> DynamicTest.dynamicTest(scene.name(), () -> {
                    FlowBench bench = scene.play().apply(new FlowBench());
                    bench.awaitRecorded();
                    String seen = bench.client.reason() == null
                            ? bench.client.events().getLast()
                            : bench.client.status() + " " + bench.client.reason();
                    assertThat(seen).isEqualTo(scene.lastEvent());
                    assertThat(bench.record().failure()).isEqualTo(scene.failure());
                }));
    }

    private static FlowBench failing(FlowBench bench, Failure failure) {
        bench.run().upstream.listener().onFailure(failure, false, false);
        return bench;
    }

    @Test
    void passesInterimHeadsBodiesAndTrailers() {
        FlowBench bench = new FlowBench();
        bench.upstream.answer(call -> {
            call.onInterim(head(103));
            call.onHead(head(200), -1, false);
            call.onBody(bytes("hello"), false);
            call.onTrailers(Headers.of("x-sum", "1"));
        });
        bench.run();
        assertThat(bench.client.events()).containsExactly("interim 103", "head 200 -1", "body", "trailers 1");
        assertThat(bench.record().responseBytes()).isEqualTo(5);
    }

    @Test
    void streamsTheRequestBodyOnlyWhenTheUpstreamIsThere() {
        FlowBench bench = new FlowBench()
                .request(Method.POST, "/orders/7", "host", "gateway.test")
                .bodyLength(10);
        bench.run();
        assertThat(bench.client.demanded()).isTrue();
        bench.flow().onRequestBody(bytes("hello"), false);
        bench.upstream.writable(false);
        bench.flow().onRequestBody(bytes("wor"), false);
        assertThat(bench.client.demanded()).isFalse();
        bench.upstream.listener().onWritable();
        assertThat(bench.client.demanded()).isTrue();
        bench.flow().onRequestBody(bytes("ld"), true);
        assertThat(bench.upstream.body()).isEqualTo("helloworld$");
        answers(bench.upstream.listener());
        assertThat(bench.record().requestBytes()).isEqualTo(10);
    }

    @Test
    void pausesTheUpstreamForASlowClient() {
        FlowBench bench = new FlowBench();
        bench.client.writable(false);
        bench.upstream.answer(call -> {
            call.onHead(head(200), -1, false);
            call.onBody(bytes("hello"), false);
        });
        bench.run();
        assertThat(bench.upstream.demanded()).isFalse();
        bench.client.writable(true);
        bench.flow().onClientWritable();
        assertThat(bench.upstream.demanded()).isTrue();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
        assertThat(bench.upstream.cancelled()).isTrue();
        assertThat(bench.record().failure()).isEqualTo(Failure.CLIENT_CLOSED);
    }

    @Test
    void SM_18_breaksOffTheUpstreamWhenTheRequestBodyIsBroken() {
        FlowBench bench = new FlowBench()
                .request(Method.POST, "/orders/7", "host", "gateway.test")
                .bodyLength(-1);
        bench.run();
        bench.flow().onRequestBody(bytes("he"), false);
        bench.flow().onBodyFault(RequestFault.CHUNK);
        assertThat(bench.upstream.cancelled()).isTrue();
        assertThat(bench.client.reason()).isEqualTo("chunk-invalid");
        assertThat(bench.record().failure()).isEqualTo(Failure.REQUEST_MALFORMED);
        bench.flow().onRequestBody(bytes("llo"), true);
        assertThat(bench.upstream.body()).isEqualTo("he");
    }

    @Test
    void FA_19_aResponsePolicyThatThrowsEndsWith500() {
        FlowBench bench = new FlowBench().responsePolicy((exchange, head) -> {
            throw new IllegalStateException("bug in a response policy");
        });
        bench.upstream.answer(FlowTest::answers);
        bench.run();
        assertThat(bench.client.status()).isEqualTo(500);
        assertThat(bench.client.reason()).isEqualTo("internal");
        assertThat(bench.upstream.cancelled()).isTrue();
        assertThat(bench.bugs).hasSize(1);
        assertThat(bench.record().failure()).isEqualTo(Failure.INTERNAL);
    }

    @Test
    void SM_25_aFieldThatBreaksTheGrammarEndsWith500() {
        FlowBench bench = new FlowBench()
                .responsePolicy((exchange, head) -> exchange.responseEdits().set("x-note", "a\r\nset-cookie: b"));
        bench.upstream.answer(FlowTest::answers);
        bench.run();
        assertThat(bench.client.status()).isEqualTo(500);
        assertThat(bench.bugs).hasSize(1);
    }

    @Test
    void hearsNothingOfTheUpstreamAfterTheEnd() {
        FlowBench bench = new FlowBench();
        bench.run();
        UpstreamListener call = bench.upstream.listener();
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
        call.onInterim(head(103));
        call.onHead(head(200), 5, false);
        call.onBody(bytes("hello"), false);
        call.onFailure(Failure.RESPONSE_TRUNCATED, false, false);
        assertThat(bench.client.events()).isEmpty();
        assertThat(bench.record().status()).isZero();
    }
}
