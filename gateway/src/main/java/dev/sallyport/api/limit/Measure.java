package dev.sallyport.api.limit;

import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/// What a layer allows each of its keys.
public sealed interface Measure {
    /// The most that a key may have at once or in a period.
    long most();

    /// So much per period, spread evenly, with so much at once (GCRA): never more than `burst` plus what time has
    /// brought back since.
    ///
    /// @param amount      per period
    /// @param periodNanos of which `amount` is
    /// @param burst       the most at once
    record Rate(long amount, long periodNanos, long burst) implements Measure {
        /// How long it may take to have everything back.
        private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(366);

        public Rate {
            if (amount < 1 || periodNanos < amount || burst < 1) {
                throw new IllegalArgumentException(
                        "amount, period or burst (expected: positive, 1 per nanosecond at most)");
            }
            if (burst > LONGEST_NANOS / interval(amount, periodNanos)) {
                throw new IllegalArgumentException("burst: " + burst + " (expected: what comes back within 366 days)");
            }
        }

        @Override
        public long most() {
            return burst;
        }

        /// Nanoseconds after which one more is allowed, rounded up: the rate is never exceeded.
        public long intervalNanos() {
            return interval(amount, periodNanos);
        }

        private static long interval(long amount, long periodNanos) {
            return (periodNanos - 1) / amount + 1;
        }
    }

    /// So much per calendar day or month of a time zone; what is left at its end is lost.
    record Quota(long amount, Period per, ZoneId zone) implements Measure {
        /// The largest amount, which fits beside the end of its period in one word.
        public static final long LARGEST = 4_000_000_000L;

        public Quota {
            if (amount < 1 || amount > LARGEST) {
                throw new IllegalArgumentException("amount: " + amount + " (expected: 1 to " + LARGEST + ")");
            }
        }

        @Override
        public long most() {
            return amount;
        }
    }

    /// So many at the same time.
    record Concurrent(long most) implements Measure {
        /// The largest number.
        public static final long LARGEST = 1_000_000;

        public Concurrent {
            if (most < 1 || most > LARGEST) {
                throw new IllegalArgumentException("most: " + most + " (expected: 1 to " + LARGEST + ")");
            }
        }
    }

    /// A period of the calendar.
    enum Period {
        DAY,
        MONTH
    }
}
