package dev.sallyport.dataplane.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Policies that want the request's body whole.
class CollectedBodyFlowTest {
    private static final int MOST = 10;
    private static final int CHUNKED = -1;

    private int asked;

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT.buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Decision echo(byte[] body) {
        return new Decision.Answer(new LocalResponse(200, Headers.EMPTY, body));
    }

    /// A request whose body a policy wants, run until it waits for it.
    private FlowBench reading(long declared, Function<byte[], Decision> then) {
        return wanting(declared, then).run();
    }

    private FlowBench wanting(long declared, Function<byte[], Decision> then) {
        return new FlowBench()
                .request(Method.POST, "/orders/7", "host", "gateway.test")
                .bodyLength(declared)
                .policy(
                        Phase.ANSWER,
                        exchange -> new Decision.ReadBody(MOST, body -> {
                            asked++;
                            return then.apply(body);
                        }));
    }

    private void assertAnswered(FlowBench bench, int status, String reason) {
        assertThat(bench.client.status()).isEqualTo(status);
        assertThat(bench.client.reason()).isEqualTo(reason);
        assertThat(bench.record().status()).isEqualTo(status);
        assertThat(bench.upstream.targets()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {MOST, CHUNKED})
    void aBodyInPiecesIsGivenWhole(long declared) {
        FlowBench bench = reading(declared, CollectedBodyFlowTest::echo);
        assertThat(bench.client.demanded()).isTrue();
        assertThat(asked).isZero();
        bench.flow().onRequestBody(bytes("hel"), false);
        bench.flow().onRequestBody(bytes(""), false);
        bench.flow().onRequestBody(bytes("lo wor"), false);
        assertThat(asked).isZero();
        bench.flow().onRequestBody(bytes("d"), true);
        assertThat(bench.client.body()).isEqualTo("hello word");
        assertThat(asked).isOne();
        assertThat(bench.record().requestBytes()).isEqualTo(MOST);
        assertThat(bench.upstream.targets()).isEmpty();
    }

    @Test
    void aBodyInOnePieceIsGivenWhole() {
        FlowBench bench = reading(5, CollectedBodyFlowTest::echo);
        bench.flow().onRequestBody(bytes("hello"), true);
        assertThat(bench.client.body()).isEqualTo("hello");
    }

    @Test
    void anEmptyChunkedBodyIsGivenAsNothing() {
        FlowBench bench = reading(CHUNKED, body -> new Decision.Answer(new LocalResponse(204, Headers.EMPTY, body)));
        bench.flow().onRequestBody(bytes(""), true);
        assertThat(bench.record().status()).isEqualTo(204);
    }

    @Test
    void noBodyIsAskedForWhereThereIsNone() {
        FlowBench bench = reading(0, body -> new Decision.Answer(new LocalResponse(204, Headers.EMPTY, body)));
        assertThat(bench.client.demanded()).isFalse();
        assertThat(bench.record().status()).isEqualTo(204);
    }

    @Test
    void DO_13_aBodyDeclaredTooLargeIsRefusedBeforeItComes() {
        FlowBench bench = reading(MOST + 1, CollectedBodyFlowTest::echo);
        assertThat(bench.client.demanded()).isFalse();
        assertAnswered(bench, 413, "body-too-large");
        assertThat(asked).isZero();
    }

    @Test
    void DO_13_aChunkedBodyIsRefusedAsSoonAsItIsTooLarge() {
        FlowBench bench = reading(CHUNKED, CollectedBodyFlowTest::echo);
        bench.flow().onRequestBody(bytes("0123456789"), false);
        bench.flow().onRequestBody(bytes("0"), false);
        assertAnswered(bench, 413, "body-too-large");
        bench.flow().onRequestBody(bytes("more"), true);
        assertThat(asked).isZero();
    }

    @Test
    void nothingIsAskedForAClientThatIsGone() {
        FlowBench bench = reading(MOST, CollectedBodyFlowTest::echo);
        bench.flow().onRequestBody(bytes("hel"), false);
        bench.flow().onClientGone(Failure.CLIENT_CLOSED);
        bench.flow().onRequestBody(bytes("lo"), true);
        assertThat(asked).isZero();
        assertThat(bench.client.events()).isEmpty();
        assertThat(bench.record().failure()).isEqualTo(Failure.CLIENT_CLOSED);
    }

    @Test
    void SM_18_aBrokenBodyIsGivenToNobody() {
        FlowBench bench = reading(CHUNKED, CollectedBodyFlowTest::echo);
        bench.flow().onRequestBody(bytes("hel"), false);
        bench.flow().onBodyFault(RequestFault.CHUNK);
        assertAnswered(bench, 400, "chunk-invalid");
        assertThat(bench.record().failure()).isEqualTo(Failure.REQUEST_MALFORMED);
        assertThat(asked).isZero();
    }

    @Test
    void FA_19_aBodyThatNeverComesRefuses() {
        FlowBench bench = wanting(MOST, CollectedBodyFlowTest::echo).impatient().run();
        bench.awaitRecorded();
        assertAnswered(bench, 503, "policy-undecided");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5})
    void FA_19_anExceptionInWhatFollowsRefuses(long declared) {
        FlowBench bench = reading(declared, body -> {
            throw new IllegalStateException("bug in a policy");
        });
        if (declared > 0) {
            bench.flow().onRequestBody(bytes("hello"), true);
        }
        assertAnswered(bench, 500, "internal");
        assertThat(bench.bugs).hasSize(1);
    }

    @NullUnmarked
    private static Decision nothing(byte[] body) {
        return null;
    }

    private void assertRefusedAfterTheBody(Function<byte[], Decision> then, int status, String reason) {
        for (long declared : new long[] {0, 5, CHUNKED}) {
            FlowBench bench = reading(declared, then);
            if (declared != 0) {
                bench.flow().onRequestBody(bytes("hello"), true);
            }
            bench.turn();
            assertAnswered(bench, status, reason);
        }
    }

    private static Decision later(Decision decision) {
        return new Decision.Await(CompletableFuture.completedFuture(decision));
    }

    @Test
    void AZ_11_theBodyIsUsedUpSoThatNothingIsForwarded() {
        assertRefusedAfterTheBody(body -> Decision.PROCEED, 503, "policy-undecided");
        assertRefusedAfterTheBody(CollectedBodyFlowTest::nothing, 503, "policy-undecided");
        assertRefusedAfterTheBody(
                body -> new Decision.ReadBody(MOST, CollectedBodyFlowTest::echo), 503, "policy-undecided");
        assertRefusedAfterTheBody(body -> later(Decision.PROCEED), 503, "policy-undecided");
        assertRefusedAfterTheBody(body -> later(later(Decision.PROCEED)), 503, "policy-undecided");
        assertRefusedAfterTheBody(
                body -> new Decision.Await(CompletableFuture.failedFuture(new IllegalStateException("down"))),
                503,
                "policy-undecided");
    }

    @Test
    void refusesForWhatTheBodySays() {
        Refusal teapot = Refusal.of(418, "teapot", "Teapot", "No.");
        assertRefusedAfterTheBody(body -> new Decision.Refuse(teapot), 418, "teapot");
        assertRefusedAfterTheBody(body -> later(new Decision.Refuse(teapot)), 418, "teapot");
    }

    @Test
    void anAnswerMayComeLater() {
        FlowBench bench = reading(5, body -> later(echo(body)));
        bench.flow().onRequestBody(bytes("hello"), true);
        bench.turn();
        assertThat(bench.client.body()).isEqualTo("hello");
    }
}
