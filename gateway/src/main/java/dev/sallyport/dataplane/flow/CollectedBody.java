package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Decision;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The request body that a policy wants to see whole. Confined to the exchange's loop.
final class CollectedBody {
    private final Decision.ReadBody wanted;
    private byte[] octets = {};
    private int length;

    CollectedBody(Decision.ReadBody wanted) {
        this.wanted = wanted;
    }

    /// Takes `data`, released here; whether all of it is within what is wanted.
    boolean add(ByteBuf data) {
        try {
            int more = data.readableBytes();
            if (more > wanted.most() - length) {
                return false;
            }
            if (length + more > octets.length) {
                octets = Arrays.copyOf(octets, Math.min(wanted.most(), Math.max(length + more, 2 * octets.length)));
            }
            data.readBytes(octets, length, more);
            length += more;
            return true;
        } finally {
            data.release();
        }
    }

    /// What the policy says, now that it is whole.
    Decision decide() {
        return wanted.then().apply(Arrays.copyOf(octets, length));
    }
}
