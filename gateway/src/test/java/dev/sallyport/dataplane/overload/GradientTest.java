package dev.sallyport.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Window after window, by hand.
class GradientTest {
    private static final long MILLI = 1_000_000;

    private final Gradient gradient = new Gradient(new Bounds(10, 1000));

    private void windows(int count, long millis, int peak) {
        for (int i = 0; i < count; i++) {
            gradient.window(millis * MILLI, peak, false, false);
        }
    }

    @Test
    void beginsInTheMiddle() {
        assertThat(gradient.limit()).isEqualTo(100);
    }

    @Test
    void growsOnlyWhileItIsUsed() {
        windows(20, 20, 40);
        assertThat(gradient.limit()).isEqualTo(100);
        windows(5, 20, 100);
        assertThat(gradient.limit()).isGreaterThan(100);
    }

    @Test
    void staysWhereItIsNeitherCalmNorTense() {
        windows(1, 20, 40);
        windows(9, 27, 100);
        assertThat(gradient.limit()).isEqualTo(100);
    }

    @Test
    void RL_12_shrinksByAThirdAtMostAndLooksWhatThatDid() {
        windows(1, 20, 40);
        windows(1, 2000, 100);
        assertThat(gradient.limit()).isEqualTo(70);
        // calls of before: nothing is made of them
        windows(1, 2000, 100);
        assertThat(gradient.limit()).isEqualTo(70);
    }

    @Test
    void RL_12_neverShrinksBelowItsBound() {
        windows(1, 20, 12);
        // the queue grows each time, so that a reduction is never taken back
        for (int i = 0; i < 20; i++) {
            windows(1, 2000, 12);
            windows(2, 1000, 12);
            assertThat(gradient.limit()).isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void aReductionThatDoesNotHelpIsTakenBack() {
        windows(1, 20, 40);
        windows(1, 80, 100);
        windows(2, 80, 70);
        assertThat(gradient.limit()).isEqualTo(100);
        assertThat(gradient.typicalNanos()).isEqualTo(40 * MILLI);
    }

    @Test
    void RL_12_whatThreeReductionsDoNotHelpIsTypical() {
        // an attacker's cheap requests made 1 ms look typical, those of others take 20 ms
        windows(1, 1, 40);
        for (int i = 0; i < 3; i++) {
            windows(1, 20, 100);
            windows(2, 20, 70);
            assertThat(gradient.limit()).isEqualTo(100);
        }
        assertThat(gradient.typicalNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    void aReductionThatHelpsEndsTheRow() {
        windows(1, 1, 40);
        for (int i = 0; i < 2; i++) {
            windows(1, 20, 100);
            windows(2, 20, 70);
        }
        windows(1, 40, 100);
        windows(2, 20, 70);
        assertThat(gradient.limit()).isEqualTo(70);
        windows(1, 20, 70);
        windows(2, 20, 49);
        assertThat(gradient.typicalNanos()).as("half of the way again").isLessThan(15 * MILLI);
    }

    @Test
    void aReductionToTheBottomThatDoesNotHelpIsTakenBackToo() {
        windows(1, 1, 12);
        windows(1, 20, 12);
        assertThat(gradient.limit()).isEqualTo(10);
        windows(2, 20, 11);
        assertThat(gradient.limit()).isEqualTo(100);
    }

    @Test
    void aReductionThatHelpsStays() {
        windows(1, 20, 40);
        windows(1, 80, 100);
        windows(2, 56, 70);
        assertThat(gradient.limit()).isEqualTo(70);
        assertThat(gradient.typicalNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    void whatIsUsedCountsAndNotWhatMayBe() {
        windows(1, 20, 40);
        windows(1, 80, 40);
        assertThat(gradient.limit()).isEqualTo(28);
    }

    @Test
    void whatSeemedTypicalUnderLoadIsPutToTheTest() {
        // it began when the upstream was overloaded already
        int before = 0;
        for (int i = 0; i < 10; i++) {
            before = gradient.limit();
            windows(1, 80, before);
        }
        assertThat(gradient.limit()).isEqualTo(before / 2);
        windows(2, 40, before / 2);
        assertThat(gradient.typicalNanos()).isEqualTo(40 * MILLI);
    }

    @Test
    void failuresAreNoReasonToGrow() {
        for (int i = 0; i < 8; i++) {
            gradient.window(MILLI, 100, true, true);
        }
        assertThat(gradient.limit()).isEqualTo(100);
    }

    @Test
    void atTheBottomItLearnsThatSlowIsTypicalNow() {
        windows(1, 20, 100);
        for (int i = 0; i < 60; i++) {
            windows(1, 500, 10);
        }
        assertThat(gradient.typicalNanos()).isGreaterThan(300 * MILLI);
        assertThat(gradient.limit()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void aNumberOnlyLearnsWhatIsTypical() {
        Gradient fixed = new Gradient(Bounds.fixed(7));
        for (int i = 0; i < 100; i++) {
            fixed.window((i % 2 == 0 ? 20 : 400) * MILLI, 7, true, false);
            assertThat(fixed.limit()).isEqualTo(7);
        }
        assertThat(fixed.typicalNanos()).isBetween(19 * MILLI, 30 * MILLI);
    }
}
