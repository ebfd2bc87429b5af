package dev.sallyport.dataplane.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Decision;
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
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.forward.UpstreamListener;
import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.overload.OverloadSettings;
import dev.sallyport.testing.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Places at an upstream in the life of a request: every way out gives one back, and who gets none is told early.
class OverloadFlowTest {
    private static final Bounds ONE = Bounds.fixed(1);
    private static final Authentication PROVEN = new Authentication.Proven(new Principal("anna", "staff", Set.of()));

    private static ResponseHead head(int status, String... fields) {
        return new ResponseHead(status, Headers.of(fields), HttpVersion.HTTP_1_1);
    }

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT.buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answers(UpstreamListener call) {
        call.onHead(head(200), 5, false);
        call.onBody(bytes("hello"), true);
    }

    /// How an exchange ends after its call was opened.
    private record Way(String name, Consumer<FlowBench> prepare, Consumer<FlowBench> end) {
        static Way scripted(String name, Consumer<UpstreamListener> script) {
            return new Way(name, bench -> bench.upstream.answer(script), _ -> {});
        }

        static Way ended(String name, Consumer<FlowBench> end) {
            return new Way(name, _ -> {}, end);
        }
    }

    private static final List<Way> WAYS = List.of(
            Way.scripted("an answer", OverloadFlowTest::answers),
            Way.scripted("an answer without body", call -> call.onHead(head(204), 0, true)),
            Way.scripted("an answer with trailers", call -> {
                call.onHead(head(200), -1, false);
                call.onTrailers(Headers.of("x", "y"));
            }),
            Way.scripted("a reset", call -> call.onFailure(Failure.RESET_BEFORE_RESPONSE, false, false)),
            Way.scripted("a late answer", call -> call.onFailure(Failure.RESPONSE_HEAD_TIMEOUT, false, false)),
            Way.scripted("a response cut short", call -> {
                call.onHead(head(200), 5, false);
                call.onFailure(Failure.RESPONSE_TRUNCATED, false, false);
            }),
            new Way("no connection", bench -> bench.upstream.refuse(Failure.CONNECT_FAILED), _ -> {}),
            Way.ended("a client that is gone", bench -> bench.flow().onClientGone(Failure.CLIENT_CLOSED)),
            Way.ended("a client that is gone in the middle of the response", bench -> {
                bench.upstream.listener().onHead(head(200), 5, false);
                bench.flow().onClientGone(Failure.CLIENT_CLOSED);
            }),
            Way.ended("a bad body", bench -> bench.flow().onBodyFault(RequestFault.CHUNK)),
            new Way("too long a time", bench -> bench.totalTimeout(1), FlowBench::awaitRecorded),
            new Way(
                    "a bug",
                    bench -> bench.responsePolicy((_, _) -> {
                        throw new IllegalStateException("bug");
                    }),
                    bench -> answers(bench.upstream.listener())));

    @TestFactory
    Stream<DynamicTest> DO_05_everyWayOutGivesThePlaceBackOnce() {
        return WAYS.stream()
                .map(way -> DynamicTest.dynamicTest(way.name, () -> {
                    FlowBench bench = new FlowBench().concurrency(ONE);
                    way.prepare.accept(bench);
                    bench.run();
                    way.end.accept(bench);
                    bench.awaitRecorded();
                    awaitTaken(bench, 0);
                }));
    }

    private static void awaitTaken(FlowBench bench, int count) {
        Eventually.until("places taken: " + count, () -> {
            bench.turn();
            return bench.gate().taken() == count;
        });
    }

    @Test
    void aCallUnderWayHasAPlaceAndTheNextIsRefused() {
        FlowBench first = new FlowBench().concurrency(ONE).run();
        assertThat(first.gate().taken()).isEqualTo(1);
        FlowBench second = new FlowBench().behind(first).bodyLength(5).run();
        assertThat(second.client.status()).isEqualTo(503);
        assertThat(second.client.reason()).isEqualTo("overloaded");
        assertThat(second.client.values("retry-after")).hasSize(1);
        assertThat(second.record().refusal()).extracting(Refusal::code).isEqualTo("upstream-overloaded");
        assertThat(second.record().overloadedBy()).isEqualTo("concurrency");
        // before any of its body was asked for
        assertThat(second.client.demanded()).isFalse();
        assertThat(second.upstream.targets()).isEmpty();
        answers(first.upstream.listener());
        FlowBench third = new FlowBench().behind(first);
        third.run();
        assertThat(first.gate().taken()).isEqualTo(1);
        assertThat(third.recorded).isEmpty();
    }

    @Test
    void gRpcIsToldThatItIsUnavailable() {
        FlowBench first = new FlowBench().concurrency(ONE).run();
        FlowBench second = new FlowBench()
                .behind(first)
                .request(Method.POST, "/orders/7", "host", "gateway.test", "content-type", "application/grpc")
                .run();
        assertThat(second.client.values("grpc-status")).containsExactly("14");
        assertThat(second.client.values("grpc-message")).containsExactly("overloaded");
    }

    @TestFactory
    Stream<DynamicTest> whatTheGatewayAnswersOrRefusesTakesNoPlace() {
        LocalResponse local = new LocalResponse(203, Headers.EMPTY, new byte[0]);
        Refusal refusal = Refusal.of(429, "too-many", "Too many", "Later.");
        return Stream.of(new Decision.Answer(local), new Decision.Refuse(refusal))
                .flatMap(decision -> Stream.of(Phase.SCREEN, Phase.METER, Phase.ANSWER, Phase.PREPARE)
                        .map(phase -> DynamicTest.dynamicTest(decision + " in " + phase, () -> {
                            FlowBench bench = new FlowBench()
                                    .concurrency(ONE)
                                    .policy(phase, _ -> decision)
                                    .run();
                            assertThat(bench.gate().taken()).isZero();
                            assertThat(bench.gate().refused()).isZero();
                        })));
    }

    @TestFactory
    Stream<DynamicTest> streamsGiveTheirPlaceBackWithTheHead() {
        return Stream.of("text/event-stream", "application/grpc", "application/grpc+proto")
                .map(type -> DynamicTest.dynamicTest(type, () -> {
                    FlowBench bench = new FlowBench().concurrency(ONE).run();
                    bench.upstream.listener().onHead(head(200, "content-type", type), -1, false);
                    assertThat(bench.gate().taken()).isZero();
                    assertThat(bench.recorded).isEmpty();
                    bench.upstream.listener().onBody(bytes("x"), true);
                    assertThat(bench.gate().taken()).isZero();
                }));
    }

    @Test
    void otherResponsesKeepTheirPlaceToTheEnd() {
        FlowBench bench = new FlowBench().concurrency(ONE).run();
        bench.upstream.listener().onHead(head(200, "content-type", "text/plain"), -1, false);
        assertThat(bench.gate().taken()).isEqualTo(1);
        bench.upstream.listener().onBody(bytes("x"), true);
        assertThat(bench.gate().taken()).isZero();
    }

    @Test
    void anotherEndpointIsAskedFromTheSamePlace() {
        AtomicInteger calls = new AtomicInteger();
        FlowBench bench = new FlowBench().concurrency(ONE);
        bench.upstream.answer(call -> {
            if (calls.getAndIncrement() == 0) {
                call.onFailure(Failure.RESET_BEFORE_RESPONSE, false, true);
            }
        });
        bench.run();
        assertThat(calls).hasValue(2);
        assertThat(bench.gate().taken()).isEqualTo(1);
        answers(bench.upstream.listener());
        assertThat(bench.gate().taken()).isZero();
    }

    // ---- the gateway itself

    private static FlowBench pressed(Priority priority) {
        FlowBench bench = new FlowBench().priority(priority);
        bench.load.use(new OverloadSettings(Integer.MAX_VALUE, Long.MAX_VALUE, 900));
        bench.load.memory(1000);
        return bench;
    }

    private static AccessRule rule(AtomicInteger asked, Authentication says) {
        return new AccessRule.Guarded(
                List.of(_ -> {
                    asked.incrementAndGet();
                    return says;
                }),
                List.of(_ -> new Verdict.Allow("any")),
                false,
                AccessRule.Credentials.KEPT_BACK);
    }

    @Test
    void lowPriorityIsRefusedBeforeAnybodyIsAsked() {
        AtomicInteger asked = new AtomicInteger();
        FlowBench bench = pressed(Priority.LOW).access(rule(asked, PROVEN)).tenths(10);
        bench.run();
        assertThat(bench.client.status()).isEqualTo(503);
        assertThat(bench.client.reason()).isEqualTo("overloaded");
        assertThat(bench.record().refusal()).extracting(Refusal::code).isEqualTo("gateway-overloaded");
        assertThat(asked).hasValue(0);
    }

    @TestFactory
    Stream<DynamicTest> strangersAreRefusedBeforeKnownCallersWhetherAnsweredNowOrLater() {
        return Stream.of(false, true)
                .map(later -> DynamicTest.dynamicTest(later ? "later" : "now", () -> {
                    // past the rank of strangers on normal routes, not past that of known callers
                    int tenths = 9;
                    FlowBench stranger = pressed(Priority.NORMAL).tenths(tenths);
                    stranger.run();
                    assertThat(stranger.client.status()).isEqualTo(503);
                    Authentication says =
                            later ? new Authentication.Await(CompletableFuture.completedFuture(PROVEN)) : PROVEN;
                    FlowBench known = pressed(Priority.NORMAL)
                            .access(rule(new AtomicInteger(), says))
                            .tenths(tenths);
                    known.upstream.answer(OverloadFlowTest::answers);
                    known.run();
                    assertThat(known.client.status()).isEqualTo(200);
                    FlowBench more = pressed(Priority.NORMAL)
                            .access(rule(new AtomicInteger(), says))
                            .tenths(tenths + 2);
                    more.run();
                    assertThat(more.client.status()).isEqualTo(503);
                    assertThat(more.record().principal()).isNotNull();
                }));
    }

    @Test
    void requestsAreCountedUntilTheyAreOver() {
        FlowBench bench = new FlowBench();
        bench.run();
        assertThat(bench.load.active()).isEqualTo(1);
        answers(bench.upstream.listener());
        assertThat(bench.load.active()).isZero();
    }
}
