package dev.sallyport.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for a condition, never longer than a deadline.
public final class Eventually {
    /// How long anything in a test may take before it is taken for a failure.
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private Eventually() {}

    /// Returns as soon as `condition` holds; fails with `expectation` when it does not in time.
    public static void until(String expectation, BooleanSupplier condition) {
        present(expectation, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    /// The value of `supplier` as soon as it is not null; fails with `expectation` when it stays null.
    public static <T> T present(String expectation, Supplier<@Nullable T> supplier) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            T value = supplier.get();
            if (value != null) {
                return value;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("within " + DEADLINE.toSeconds() + " s: " + expectation);
            }
            LockSupport.parkNanos(500_000);
        }
    }
}
