package dev.sallyport.extension.observe;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static int expected(long nanos) {
        int bucket = 0;
        while (bucket < Histogram.BOUNDS.length && nanos / 1e9 > Histogram.BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    @Property(tries = 5000)
    void findsTheBucket(@ForAll @LongRange(min = 0) long nanos) {
        assertThat(Histogram.bucket(nanos)).isEqualTo(expected(nanos));
    }

    @Property(tries = 5000)
    void findsTheBucketOfShortTimes(@ForAll @LongRange(min = 0, max = 20_000_000) long nanos) {
        assertThat(Histogram.bucket(nanos)).isEqualTo(expected(nanos));
    }

    @Test
    void boundsBelongToTheirBucket() {
        for (int i = 0; i < Histogram.BOUNDS.length; i++) {
            long bound = Math.round(Histogram.BOUNDS[i] * 1e9);
            assertThat(Histogram.bucket(bound)).isEqualTo(i);
            assertThat(Histogram.bucket(bound + 1)).isEqualTo(i + 1);
        }
    }

    @Test
    void countsAndSums() {
        Histogram histogram = new Histogram();
        histogram.add(50_000);
        histogram.add(60_000);
        histogram.add(100_000_000_000L);
        histogram.add(-5);
        long[] counts = new long[Histogram.BOUNDS.length + 1];
        histogram.addCounts(counts);
        assertThat(counts[0]).isEqualTo(3);
        assertThat(counts[Histogram.BOUNDS.length]).isEqualTo(1);
        assertThat(histogram.sumNanos()).isEqualTo(100_000_110_000L);
    }
}
