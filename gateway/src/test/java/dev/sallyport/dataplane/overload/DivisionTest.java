package dev.sallyport.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Levels, ceilings and what is measured, each by itself.
class DivisionTest {
    private static final int KNOWN = 6;
    private static final int LOW = 2;
    private static final Bounds BOUNDS = new Bounds(10, 1000);

    private final Shares shares = new Shares(2);

    private void hold(int rank, int slot, int count) {
        for (int i = 0; i < count; i++) {
            shares.arrived(i % 2, rank, slot);
            shares.entered(i % 2, rank, slot);
        }
    }

    @Test
    void whatIsNotWantedGoesToOthersInEqualParts() {
        double[] wanted = new double[Shares.SLOTS];
        wanted[1] = 10;
        wanted[2] = 100;
        wanted[3] = 1000;
        assertThat(Division.level(wanted, 90)).isCloseTo(40, within(0.01));
        assertThat(Division.level(wanted, 30)).isCloseTo(10, within(0.01));
        assertThat(Division.level(wanted, 5000)).isGreaterThanOrEqualTo(1000);
        assertThat(Division.level(wanted, 0)).isZero();
        assertThat(Division.level(new double[Shares.SLOTS], 10)).isEqualTo(10);
    }

    @Test
    void higherRanksAreServedBeforeLowerOnes() {
        hold(KNOWN, 1, 60);
        hold(LOW, 2, 40);
        Levels levels = new Division().of(shares, BOUNDS, 50, 50, 0.1, 0);
        assertThat(levels.caps()[KNOWN]).isLessThan(50);
        assertThat(levels.quotas()[LOW]).isZero();
    }

    @Test
    void RL_12_callersInGoodStandingHaveAFloorOfHalfOfAllPlaces() {
        hold(14, 1, 100);
        hold(KNOWN, 2, 20);
        Levels levels = new Division().of(shares, BOUNDS, 100, 100, 0.1, 0);
        assertThat(levels.floor()).isEqualTo(25);
        assertThat(levels.floors()).isEqualTo(50);
        hold(LOW, 3, 100);
        assertThat(new Division().of(shares, BOUNDS, 100, 100, 0.1, 0).floor()).isEqualTo(25);
    }

    @Test
    void whatIsHeldBeyondAShareHarmsNobodyElse() {
        hold(KNOWN, 1, 90);
        hold(KNOWN, 2, 40);
        Levels levels = new Division().of(shares, BOUNDS, 60, 60, 0.1, 0);
        assertThat(levels.ceilings()[15]).isBetween(110, 170);
        Levels fixed = new Division().of(shares, Bounds.fixed(60), 60, 60, 0.1, 0);
        assertThat(fixed.ceilings()[15]).isEqualTo(60);
    }

    @Test
    void whoWantsLessForAMomentFindsItsPlacesAgain() {
        Division division = new Division();
        hold(KNOWN, 1, 200);
        hold(KNOWN, 2, 20);
        int before = division.of(shares, BOUNDS, 100, 100, 0, 0).caps()[KNOWN];
        for (int i = 0; i < 20; i++) {
            shares.left(i % 2, KNOWN, 2);
        }
        shares.nextWindow();
        int after = division.of(shares, BOUNDS, 100, 100, 0, 0).caps()[KNOWN];
        assertThat(after).isBetween(before, before + 12);
    }

    @Test
    void lowerRanksLeaveRoomForHigherOnesInUse() {
        assertThat(Levels.ceilings(100, 0)).containsOnly(100);
        int[] ceilings = Levels.ceilings(100, (1 << 5) | (1 << 6) | (1 << 10));
        assertThat(ceilings[15]).isEqualTo(100);
        assertThat(ceilings[10]).isEqualTo(100);
        assertThat(ceilings[6]).isEqualTo(95);
        assertThat(ceilings[5]).isEqualTo(90);
        assertThat(ceilings[0]).isEqualTo(85);
        assertThat(Levels.ceilings(3, -1)).containsOnly(3);
    }

    @Test
    void countsOfAllLoopsAreOneCount() {
        hold(KNOWN, 9, 5);
        assertThat(shares.taken(KNOWN, 9)).isEqualTo(5);
        assertThat(shares.taken(KNOWN, Shares.ALL)).isEqualTo(5);
        assertThat(shares.arrivals(KNOWN)).isEqualTo(5);
        shares.nextWindow();
        assertThat(shares.arrivals(KNOWN)).isZero();
        shares.left(0, KNOWN, 9);
        assertThat(shares.taken(KNOWN, 9)).isEqualTo(4);
    }

    @Test
    void theMedianIsThatOfAllLoopsSinceItWasForgotten() {
        Latencies latencies = new Latencies(2);
        for (int i = 1; i <= 99; i++) {
            latencies.add(i % 2, i * 1_000_000L);
        }
        latencies.gather();
        assertThat(latencies.count()).isEqualTo(99);
        assertThat(latencies.median()).isCloseTo(50_000_000L, within(4_000_000L));
        latencies.forget();
        latencies.gather();
        assertThat(latencies.count()).isZero();
        assertThat(latencies.median()).isZero();
        latencies.add(0, Long.MAX_VALUE);
        latencies.add(0, 0);
        latencies.gather();
        assertThat(latencies.count()).isEqualTo(2);
    }
}
