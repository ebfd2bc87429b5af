package dev.sallyport.controlplane.admin;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Slows down guessing: each address, of IPv6 each /64, may fail so often at once, then once per second (threats
/// AD-10, RL-01). Addresses that are remembered are bounded, and none that failed lately is forgotten for another:
/// those beyond it share what they may. A right token is always taken, so nobody is locked out by somebody else's
/// failures.
final class FailureThrottle {
    private static final int BURST = 20;
    private static final long REFILL_NANOS = 1_000_000_000L;
    private static final int MAX_ADDRESSES = 1024;
    private static final ByteBuffer OTHERS = ByteBuffer.allocate(0);
    private static final int SUBNET_OCTETS = 8;

    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Bucket> buckets = new HashMap<>();

    private record Bucket(double left, long at) {
        Bucket refilled(long now) {
            return new Bucket(Math.min(BURST, left + (double) (now - at) / REFILL_NANOS), now);
        }
    }

    FailureThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Notes a failure from `address`; false when it fails too often.
    synchronized boolean failed(InetAddress address) {
        long now = nanoTime.getAsLong();
        ByteBuffer key = key(address);
        if (!buckets.containsKey(key) && buckets.size() >= MAX_ADDRESSES) {
            buckets.values().removeIf(bucket -> bucket.refilled(now).left >= BURST);
            key = buckets.size() >= MAX_ADDRESSES ? OTHERS : key;
        }
        Bucket bucket = buckets.getOrDefault(key, new Bucket(BURST, now)).refilled(now);
        boolean allowed = bucket.left >= 1;
        buckets.put(key, allowed ? new Bucket(bucket.left - 1, now) : bucket);
        return allowed;
    }

    /// What one subscriber has.
    private static ByteBuffer key(InetAddress address) {
        byte[] octets = address.getAddress();
        return ByteBuffer.wrap(octets.length > SUBNET_OCTETS ? Arrays.copyOf(octets, SUBNET_OCTETS) : octets);
    }
}
