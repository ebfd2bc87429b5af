package dev.sallyport.dataplane.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.overload.LoadGate;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a call's time says of its upstream, and how long it keeps its place, on times of the test's own.
class OccupancyTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int KNOWN = 6;

    private final Worker worker = new Worker(0, new EmbeddedChannel().eventLoop());
    private final LoadGate gate = new LoadGate(new Bounds(1, 100), 1);
    private long now = System.nanoTime();

    private Occupancy occupancy() {
        int ticket = gate.take(0, KNOWN, 7, now);
        assertThat(ticket).isNotNegative();
        return new Occupancy(gate, worker, ticket);
    }

    private static ResponseHead head(int status) {
        return new ResponseHead(status, Headers.EMPTY, HttpVersion.HTTP_1_1);
    }

    /// Calls that are answered so late, one after the other, and a window's end.
    private void calls(int count, long millis) {
        for (int i = 0; i < count; i++) {
            Occupancy call = occupancy();
            call.asked(true, now);
            call.answered(head(200), now + millis * MILLI);
            call.end();
        }
        nextWindow();
    }

    private void nextWindow() {
        now += TimeUnit.SECONDS.toNanos(2);
        occupancy().end();
    }

    private long typicalMillis() {
        return gate.typicalNanos() / MILLI;
    }

    @Test
    void learnsHowLongAnAnswerUsuallyTakes() {
        calls(20, 300);
        assertThat(typicalMillis()).isBetween(280L, 320L);
    }

    @Test
    void DO_04_DO_05_aCallBrokenOffKeepsItsPlaceAsLongAsAnAnswerUsuallyTakes() {
        calls(20, 300);
        Occupancy call = occupancy();
        call.asked(true, now);
        call.abandoned(now + 100 * MILLI);
        assertThat(call.isSet()).isTrue();
        assertThat(gate.taken()).isEqualTo(1);
        call.passed();
        assertThat(gate.taken()).isZero();
        call.end();
        assertThat(gate.taken()).isZero();
    }

    @Test
    void butNoLongerThanThat() {
        calls(20, 300);
        Occupancy late = occupancy();
        late.asked(true, now);
        late.abandoned(now + 400 * MILLI);
        Occupancy answered = occupancy();
        answered.asked(true, now);
        answered.answered(head(200), now + MILLI);
        answered.abandoned(now + 2 * MILLI);
        Occupancy unasked = occupancy();
        unasked.abandoned(now);
        assertThat(gate.taken()).isZero();
    }

    @Test
    void RL_12_aBodyThatTheClientSendsSlowlyIsNotTheUpstreamsTime() {
        calls(20, 100);
        for (int i = 0; i < 20; i++) {
            Occupancy call = occupancy();
            call.asked(false, now);
            call.asked(true, now + 5000 * MILLI);
            call.answered(head(200), now + 5100 * MILLI);
            call.end();
            Occupancy early = occupancy();
            early.asked(false, now);
            early.answered(head(413), now + MILLI);
            early.end();
        }
        nextWindow();
        assertThat(typicalMillis()).isBetween(90L, 110L);
    }

    @Test
    void whatAnUpstreamCouldNotServeSaysNothing() {
        calls(20, 100);
        for (int i = 0; i < 60; i++) {
            Occupancy call = occupancy();
            call.asked(true, now);
            call.answered(head(500 + 2 + i % 3), now + MILLI);
            call.end();
            Occupancy reset = occupancy();
            reset.asked(true, now);
            reset.failed(Failure.RESET_BEFORE_RESPONSE, now + MILLI);
            reset.end();
        }
        nextWindow();
        assertThat(typicalMillis()).isBetween(90L, 110L);
        assertThat(gate.taken()).isZero();
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsASlowOne() {
        for (int i = 0; i < 20; i++) {
            Occupancy call = occupancy();
            call.asked(true, now);
            call.failed(Failure.RESPONSE_HEAD_TIMEOUT, now + 800 * MILLI);
            call.end();
        }
        nextWindow();
        assertThat(typicalMillis()).isBetween(750L, 850L);
    }
}
