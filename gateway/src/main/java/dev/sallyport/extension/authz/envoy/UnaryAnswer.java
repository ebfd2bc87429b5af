package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.plugin.OffLoop;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The answer of one gRPC call: exactly one message and status OK; anything else is a failure.
@OffLoop("threads of gRPC, one after the other")
final class UnaryAnswer extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<byte[]> message = new CompletableFuture<>();
    private byte @Nullable [] received;
    private int messages;
    private boolean headed;
    private volatile boolean timedOut;
    private volatile boolean lost;

    /// The message, or why there is none.
    CompletableFuture<byte[]> message() {
        return message;
    }

    /// Whether it took too long.
    boolean timedOut() {
        return timedOut;
    }

    /// Whether there was no connection, or none any more, before the server said anything.
    boolean lost() {
        return lost;
    }

    @Override
    public void onHeaders(Metadata headers) {
        headed = true;
    }

    @Override
    public void onMessage(byte[] one) {
        received = one;
        messages++;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        Status.Code code = status.getCode();
        timedOut = code == Status.Code.DEADLINE_EXCEEDED;
        // what the server itself says comes with a head
        lost = code == Status.Code.UNAVAILABLE && !headed && trailers.keys().isEmpty();
        byte[] answer = received;
        if (!status.isOk()) {
            String why = status.getDescription();
            message.completeExceptionally(new IOException(
                    "gRPC status " + code + (why == null ? "" : ": " + shortened(why)), status.getCause()));
        } else if (answer == null || messages != 1) {
            message.completeExceptionally(new IOException(messages + " messages (expected: 1)"));
        } else {
            message.complete(answer);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
