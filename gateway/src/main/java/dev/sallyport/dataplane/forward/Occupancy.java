package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.overload.LoadGate;
import java.util.concurrent.TimeUnit;

/// One call's place at an upstream, and what its time says of it. Confined to its loop.
///
/// The place is held until the call is over. A response that may go on for ever, an event stream or gRPC, gives it
/// back with its head: what was asked for is served then, and who listens is not at work. A call that nobody waits for
/// any more
/// keeps its place as long as an answer usually takes: the upstream may well be at work on it still, and whoever
/// breaks off
/// call after call must not get more work done than others (threats DO-04, DO-05).
final class Occupancy extends Deadline {
    private static final long LONGEST_AFTER = TimeUnit.SECONDS.toNanos(1);

    private final LoadGate gate;
    private final Worker worker;
    private final int ticket;
    private boolean held = true;
    private boolean measuring;
    private boolean asked;
    private long since;

    Occupancy(LoadGate gate, Worker worker, int ticket) {
        this.gate = gate;
        this.worker = worker;
        this.ticket = ticket;
    }

    /// The call goes to an endpoint.
    ///
    /// @param whole whether the whole request is on its way; from then on it is the upstream's time and not the
    /// client's,
    ///     whose slow bodies say nothing (threat RL-12)
    void asked(boolean whole, long now) {
        measuring = whole;
        asked = true;
        since = now;
    }

    /// The head of the response is there.
    void answered(ResponseHead head, long now) {
        if (head.status() == 502 || head.status() == 503 || head.status() == 504) {
            gate.failed(worker.number());
        } else if (measuring) {
            gate.answered(worker.number(), now - since);
        }
        measuring = false;
        asked = false;
        if (goesOn(head.headers())) {
            end();
        }
    }

    private static boolean goesOn(Headers headers) {
        String type = headers.first(FieldName.CONTENT_TYPE);
        return type != null && (type.startsWith("text/event-stream") || type.startsWith("application/grpc"));
    }

    /// The endpoint failed; the call may go on to another.
    void failed(Failure failure, long now) {
        boolean late = failure == Failure.RESPONSE_HEAD_TIMEOUT || failure == Failure.CONNECT_TIMEOUT;
        if (late && measuring) {
            gate.answered(worker.number(), now - since);
        }
        if (asked) {
            gate.failed(worker.number());
        }
        measuring = false;
        asked = false;
    }

    /// Nobody waits for an answer any more.
    void abandoned(long now) {
        long rest = Math.min(gate.typicalNanos(), LONGEST_AFTER) - (now - since);
        if (held && asked && rest > 0) {
            worker.deadlines().set(this, now, rest);
        } else {
            end();
        }
    }

    @Override
    protected void passed() {
        end();
    }

    /// The call is over.
    void end() {
        if (held) {
            held = false;
            gate.giveBack(worker.number(), ticket);
        }
    }
}
