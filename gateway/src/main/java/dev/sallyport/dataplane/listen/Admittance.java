package dev.sallyport.dataplane.listen;

import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Counts a listener's open connections, in all and by address, and refuses those above its limits. Used by all
/// loops.
///
/// IPv6 addresses count by /64, which is what one subscriber has (threat RL-01); the table holds an entry only
/// while connections are open, so it cannot outgrow them.
final class Admittance {
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<Long, Integer> byAddress = new ConcurrentHashMap<>();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder overTotal = new LongAdder();
    private final LongAdder overAddress = new LongAdder();

    /// Counts `channel` in, until it closes; false when a limit is reached.
    boolean admit(Channel channel, ListenerSettings.Limits limits) {
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            overTotal.increment();
            return false;
        }
        long key = key(((InetSocketAddress) channel.remoteAddress()).getAddress());
        int count = byAddress.merge(key, 1, Integer::sum);
        if (count > limits.connectionsPerAddress()) {
            leave(key);
            overAddress.increment();
            return false;
        }
        accepted.increment();
        channel.closeFuture().addListener(closed -> leave(key));
        return true;
    }

    private void leave(long key) {
        open.decrementAndGet();
        byAddress.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }

    private static long key(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean mapped = octets.length == 16;
        for (int i = 0; mapped && i < 12; i++) {
            mapped = octets[i] == (i < 10 ? 0 : (byte) 0xff);
        }
        long key = 0;
        int from = mapped ? 12 : 0;
        for (int i = from; i < Math.min(octets.length, from + 8); i++) {
            key = (key << 8) | (octets[i] & 0xff);
        }
        // an IPv4 address is told from a /64 by a network part that no unicast IPv6 address has
        return octets.length == 4 || mapped ? key | 0xffff_ffff_0000_0000L : key;
    }

    int open() {
        return open.get();
    }

    long accepted() {
        return accepted.sum();
    }

    long overTotal() {
        return overTotal.sum();
    }

    long overAddress() {
        return overAddress.sum();
    }
}
