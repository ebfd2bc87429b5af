package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.http.RequestFault;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The request body that a policy wants to see whole. Confined to the exchange's loop.
///
/// The body is used up by that, so that what the policy says then can only end the exchange: to go on, to read again
/// or to say nothing refuses.
final class CollectedBody {
    private static final Decision TOO_LARGE = new Decision.Refuse(Refusals.of(RequestFault.BODY_TOO_LARGE));
    private static final Decision UNDECIDED = new Decision.Refuse(Refusals.UNDECIDED);

    private final Decision.ReadBody wanted;
    private byte[] octets = {};
    private int length;

    CollectedBody(Decision.ReadBody wanted) {
        this.wanted = wanted;
    }

    /// What is decided before any of it has come; null to wait for it.
    ///
    /// @param declared octets, 0 for no body, −1 for an unknown number
    @Nullable
    Decision begin(long declared) {
        if (declared > wanted.most()) {
            return TOO_LARGE;
        }
        return declared == 0 ? whole() : null;
    }

    /// Takes a piece, released here: what is decided then, null to wait for more.
    @Nullable
    Decision add(ByteBuf data, boolean last) {
        try {
            int more = data.readableBytes();
            if (more > wanted.most() - length) {
                return TOO_LARGE;
            }
            if (length + more > octets.length) {
                octets = Arrays.copyOf(octets, Math.min(wanted.most(), Math.max(length + more, 2 * octets.length)));
            }
            data.readBytes(octets, length, more);
            length += more;
        } finally {
            data.release();
        }
        return last ? whole() : null;
    }

    private Decision whole() {
        return ending(wanted.then().apply(Arrays.copyOf(octets, length)));
    }

    private static Decision ending(@Nullable Decision said) {
        return switch (said) {
            case Decision.Answer answer -> answer;
            case Decision.Refuse refuse -> refuse;
            case Decision.Await await -> new Decision.Await(await.decision().thenApply(CollectedBody::ending));
            case null -> UNDECIDED;
            case Decision.Proceed _, Decision.ReadBody _ -> UNDECIDED;
        };
    }
}
