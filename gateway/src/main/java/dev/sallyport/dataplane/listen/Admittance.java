package dev.sallyport.dataplane.listen;

import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts a listener's open connections and, of those with TLS, the handshakes that are not over, in all and by
/// address, and refuses those above its limits before anything is read of them (threat TL-12). Used by all loops.
///
/// IPv6 addresses count by /64, which is what one subscriber has (threat RL-01).
final class Admittance {
    private final Places connections = new Places();
    private final Places handshakes = new Places();
    private final LongAdder accepted = new LongAdder();

    /// A connection that was let in, until it closes. Confined to its loop.
    final class Admitted implements ChannelFutureListener {
        private final long network;
        private boolean shakingHands;

        private Admitted(long network, boolean shakingHands) {
            this.network = network;
            this.shakingHands = shakingHands;
        }

        /// Gives the place of its handshake to the next.
        void handshakeOver() {
            if (shakingHands) {
                shakingHands = false;
                handshakes.giveBack(network);
            }
        }

        @Override
        public void operationComplete(ChannelFuture closed) {
            handshakeOver();
            connections.giveBack(network);
        }
    }

    /// Counts `channel` in, until it closes; null when a limit is reached.
    ///
    /// @param withTls whether it begins with a handshake
    @Nullable
    Admitted admit(Channel channel, ListenerSettings.Limits limits, boolean withTls) {
        long network = network(((InetSocketAddress) channel.remoteAddress()).getAddress());
        if (!connections.take(network, limits.connections(), limits.connectionsPerAddress())) {
            return null;
        }
        if (withTls && !handshakes.take(network, limits.handshakes(), limits.handshakesPerAddress())) {
            connections.giveBack(network);
            return null;
        }
        accepted.increment();
        Admitted admitted = new Admitted(network, withTls);
        channel.closeFuture().addListener(admitted);
        return admitted;
    }

    private static long network(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean mapped = octets.length == 16;
        for (int i = 0; mapped && i < 12; i++) {
            mapped = octets[i] == (i < 10 ? 0 : (byte) 0xff);
        }
        long network = 0;
        int from = mapped ? 12 : 0;
        for (int i = from; i < Math.min(octets.length, from + 8); i++) {
            network = (network << 8) | (octets[i] & 0xff);
        }
        // an IPv4 address is told from a /64 by a network part that no unicast IPv6 address has
        return octets.length == 4 || mapped ? network | 0xffff_ffff_0000_0000L : network;
    }

    /// Places of open connections.
    Places connections() {
        return connections;
    }

    /// Places of handshakes that are not over.
    Places handshakes() {
        return handshakes;
    }

    long accepted() {
        return accepted.sum();
    }
}
