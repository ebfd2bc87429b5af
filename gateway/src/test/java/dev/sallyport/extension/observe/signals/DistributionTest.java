package dev.sallyport.extension.observe.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final double[] BOUNDS = {0.1, 0.2, 0.4};

    private static Distribution of(long... counts) {
        return new Distribution(BOUNDS, counts);
    }

    @Test
    void interpolatesWithinTheBucket() {
        Distribution times = of(10, 10, 0, 0);
        assertThat(times.quantile(0.5)).isCloseTo(0.1, within(1e-9));
        assertThat(times.quantile(0.75)).isCloseTo(0.15, within(1e-9));
        assertThat(times.quantile(1)).isCloseTo(0.2, within(1e-9));
        assertThat(times.quantile(0)).isZero();
    }

    @Test
    void emptyBucketsAreSkipped() {
        assertThat(of(0, 0, 4, 0).quantile(0.0)).isEqualTo(0.2);
        assertThat(of(1, 0, 0, 1).quantile(0.5)).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void beyondTheLastBoundThatBoundIsTheAnswer() {
        assertThat(of(0, 0, 0, 3).quantile(0.99)).isEqualTo(0.4);
    }

    @Test
    void nothingHasNoQuantile() {
        assertThat(of(0, 0, 0, 0).quantile(0.5)).isNaN();
        assertThat(new Distribution(new double[0], new long[1]).quantile(0.5)).isNaN();
    }
}
