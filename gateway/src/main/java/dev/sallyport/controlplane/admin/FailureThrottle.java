package dev.sallyport.controlplane.admin;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Slows down guessing: each address may fail so often at once, then once per second (threat AD-10). Addresses
/// that are remembered are bounded; a right token is always taken, so nobody is locked out by somebody else's
/// failures.
final class FailureThrottle {
    private static final int BURST = 20;
    private static final long REFILL_NANOS = 1_000_000_000L;
    private static final int MAX_ADDRESSES = 1024;

    private final LongSupplier nanoTime;
    private final Map<InetAddress, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Bucket(double left, long at) {}

    FailureThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Notes a failure from `address`; false when it fails too often.
    synchronized boolean failed(InetAddress address) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.getOrDefault(address, new Bucket(BURST, now));
        double left = Math.min(BURST, bucket.left + (double) (now - bucket.at) / REFILL_NANOS);
        boolean allowed = left >= 1;
        buckets.put(address, new Bucket(allowed ? left - 1 : left, now));
        return allowed;
    }
}
