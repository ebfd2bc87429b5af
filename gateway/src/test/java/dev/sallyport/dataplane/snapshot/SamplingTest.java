package dev.sallyport.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot.Sampling;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A part of the traces is sampled, the same part everywhere.
class SamplingTest {
    private static int sampled(double part) {
        Sampling sampling = Sampling.of(part, false);
        SplittableRandom random = new SplittableRandom(7);
        int sampled = 0;
        for (int i = 0; i < 100_000; i++) {
            sampled += sampling.samples(random.nextLong()) ? 1 : 0;
        }
        return sampled;
    }

    @Test
    void asManyAsAskedAreSampled() {
        assertThat(sampled(1)).isEqualTo(100_000);
        assertThat(sampled(0.05)).isBetween(4_700, 5_300);
        assertThat(sampled(0.5)).isBetween(49_000, 51_000);
        assertThat(sampled(0.000001)).isLessThan(5);
    }

    @Test
    void whoSamplesMoreSamplesTheSameAndOthers() {
        SplittableRandom random = new SplittableRandom(8);
        Sampling few = Sampling.of(0.1, false);
        Sampling many = Sampling.of(0.2, false);
        for (int i = 0; i < 10_000; i++) {
            long id = random.nextLong();
            assertThat(!few.samples(id) || many.samples(id)).isTrue();
        }
    }

    @Test
    void onlyTheLowest56BitsCount() {
        Sampling half = Sampling.of(0.5, false);
        assertThat(half.samples(0xff00_0000_0000_0000L)).isFalse();
        assertThat(half.samples(0x0080_0000_0000_0000L)).isTrue();
        assertThat(half.samples(0x007f_ffff_ffff_ffffL)).isFalse();
    }

    @Test
    void withoutCollectorNothingIsSampledOrFollowed() {
        assertThat(Sampling.NONE.samples(-1)).isFalse();
        assertThat(Sampling.NONE.follows(new TraceContext(1, 2, 3, 4, true))).isFalse();
        assertThat(Sampling.of(0.5, false).follows(new TraceContext(1, 2, 3, 4, true)))
                .isTrue();
        assertThat(Sampling.of(0.5, false).follows(new TraceContext(1, 2, 3, 4, false)))
                .isFalse();
        assertThat(Sampling.of(0.5, true).follows(new TraceContext(1, 2, 3, 4, false)))
                .isTrue();
    }
}
