package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.dataplane.forward.CallTimeouts;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.UpstreamCall;
import dev.sallyport.dataplane.forward.UpstreamConnection;
import dev.sallyport.dataplane.forward.UpstreamConnector;
import dev.sallyport.dataplane.forward.UpstreamListener;
import dev.sallyport.dataplane.forward.UpstreamRequest;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An upstream whose every call does what the test says, without sockets.
final class ScriptedUpstream implements UpstreamConnector {
    private final List<String> targets = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private @Nullable Failure refusing;
    private Consumer<UpstreamListener> onOpen = listener -> {};
    private @Nullable UpstreamListener listener;
    private List<String> fields = List.of();
    private boolean cancelled;
    private boolean writable = true;
    private boolean demanded = true;

    /// Connections fail with `failure`.
    void refuse(Failure failure) {
        refusing = failure;
    }

    /// What happens right after a call was opened.
    void answer(Consumer<UpstreamListener> script) {
        onOpen = script;
    }

    /// The listener of the call opened last.
    UpstreamListener listener() {
        UpstreamListener hears = listener;
        if (hears == null) {
            throw new AssertionError("no call was opened");
        }
        return hears;
    }

    /// The targets asked for, one for each call.
    List<String> targets() {
        return targets;
    }

    String body() {
        return body.toString();
    }

    /// The values of the field called `name` in the request received last.
    List<String> values(String name) {
        return SentFields.values(fields, name);
    }

    boolean cancelled() {
        return cancelled;
    }

    boolean demanded() {
        return demanded;
    }

    void writable(boolean now) {
        writable = now;
    }

    @Override
    public void connect(
            Worker worker, EndpointState endpoint, UpstreamSettings settings, Owner owner, Outcome outcome) {
        worker.execute(() -> {
            Failure failure = refusing;
            if (failure == null) {
                outcome.connected(new Connection());
            } else {
                outcome.failed(failure);
            }
        });
    }

    private final class Connection implements UpstreamConnection, UpstreamCall {
        private boolean used;

        @Override
        public boolean available() {
            return !used;
        }

        @Override
        public boolean multiplexed() {
            return false;
        }

        @Override
        public boolean idle() {
            return !used;
        }

        @Override
        public long createdAt() {
            return System.nanoTime();
        }

        @Override
        public void open(UpstreamRequest request, UpstreamListener hears, CallTimeouts timeouts) {
            used = true;
            targets.add(request.target());
            OutgoingHead head = new OutgoingHead();
            request.compose(head);
            fields = SentFields.of(head);
            listener = hears;
            hears.onOpen(this);
            onOpen.accept(hears);
        }

        @Override
        public void retire() {
            used = true;
        }

        @Override
        public void send(ByteBuf data, boolean last) {
            body.append(data.toString(StandardCharsets.UTF_8)).append(last ? "$" : "");
            data.release();
        }

        @Override
        public boolean writable() {
            return writable;
        }

        @Override
        public void demand(boolean wanted) {
            demanded = wanted;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
