package dev.sallyport.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.traffic.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The gate before an upstream of 50 servers that need 20 ms for a request: 2500 requests a second.
class LoadGateTest {
    private static final int SERVERS = 50;
    private static final double SERVICE = 20;
    private static final double CAPACITY = SERVERS * 1000 / SERVICE;
    private static final Bounds ADAPTIVE = new Bounds(10, 1000);

    private final Simulation simulation = new Simulation(ADAPTIVE, SERVERS);

    private Simulation.Source known(Priority priority, int slot) {
        return simulation.source(priority, true, slot);
    }

    // ---- the limit

    @Test
    void DO_19_goodputStaysAtItsPeakAtThreeTimesTheLoad() {
        Simulation.Source all = known(Priority.NORMAL, 1).rate(3 * CAPACITY, SERVICE);
        simulation.run(15);
        all.reset();
        simulation.run(10);
        assertThat(all.served / 10.0).isGreaterThan(0.95 * CAPACITY);
        assertThat(all.quantile(0.99)).isLessThan(3 * (long) SERVICE * Simulation.MILLI);
    }

    @Test
    void findsTheCapacityFromWhereverItBegins() {
        for (Bounds bounds : List.of(new Bounds(1, 64), ADAPTIVE, new Bounds(500, 100_000))) {
            Simulation other = new Simulation(bounds, bounds.min() == 500 ? 2000 : SERVERS);
            double capacity = bounds.min() == 500 ? 100_000 : CAPACITY;
            other.source(Priority.NORMAL, true, 1).rate(1.5 * capacity, SERVICE);
            other.run(bounds.min() == 500 ? 20 : 40);
            int servers = (int) (capacity * SERVICE / 1000);
            assertThat(other.gate.limit()).as("%s", bounds).isBetween((int) (servers * 0.9), servers * 7 / 4);
        }
    }

    @Test
    void doesNotFlap() {
        known(Priority.NORMAL, 1).rate(2 * CAPACITY, SERVICE);
        simulation.run(20);
        List<Integer> limits = simulation.limits(400, 0.1);
        // the moments when it is put to the test apart, it hardly moves
        List<Integer> sorted = new ArrayList<>(limits);
        Collections.sort(sorted);
        assertThat(sorted.get(40)).isGreaterThan(sorted.get(200) * 3 / 4);
        assertThat(sorted.getLast()).isLessThan(sorted.get(200) * 5 / 4);
        int swings = 0;
        for (int i = 2; i < limits.size(); i++) {
            int before = limits.get(i - 1) - limits.get(i - 2);
            int after = limits.get(i) - limits.get(i - 1);
            swings += before * after < 0 ? 1 : 0;
        }
        assertThat(swings).isLessThan(60);
    }

    @Test
    void refusesNothingWhileThereIsEnough() {
        Simulation.Source all = known(Priority.NORMAL, 1).rate(0.5 * CAPACITY, SERVICE);
        simulation.run(30);
        assertThat(all.fullUp + all.aboveShare).isZero();
    }

    @Test
    void followsAnUpstreamThatLosesServersAndGetsThemBack() {
        Simulation.Source all = known(Priority.NORMAL, 1).rate(1.2 * CAPACITY, SERVICE);
        simulation.run(10);
        simulation.servers(SERVERS / 5);
        simulation.run(15);
        all.reset();
        simulation.run(5);
        assertThat(all.quantile(0.5)).isLessThan(3 * (long) SERVICE * Simulation.MILLI);
        simulation.servers(SERVERS);
        simulation.run(15);
        all.reset();
        simulation.run(5);
        assertThat(all.served / 5.0).isGreaterThan(0.9 * CAPACITY);
    }

    @Test
    void followsAnUpstreamThatIsSlowerFromNowOn() {
        Simulation.Source all = known(Priority.NORMAL, 1).rate(0.4 * CAPACITY, SERVICE);
        simulation.run(10);
        // not a queue: as many servers, each twice as slow
        all.rate(0.4 * CAPACITY, 2 * SERVICE);
        simulation.run(15);
        all.reset();
        simulation.run(5);
        assertThat(all.servedShare()).isGreaterThan(0.99);
    }

    @Test
    void RL_12_staysWithinItsBounds() {
        Simulation stuck = new Simulation(new Bounds(20, 40), 1);
        stuck.source(Priority.NORMAL, true, 1).rate(5000, 50);
        assertThat(stuck.limits(300, 0.1)).allMatch(limit -> limit >= 20 && limit <= 40);
        Simulation idle = new Simulation(new Bounds(20, 40), 1000);
        idle.source(Priority.NORMAL, true, 1).rate(5000, 50);
        assertThat(idle.limits(300, 0.1)).allMatch(limit -> limit >= 20 && limit <= 40);
    }

    @Test
    void afterAnOverloadEverythingIsAsBefore() {
        Simulation.Source calm = known(Priority.NORMAL, 1).rate(0.3 * CAPACITY, SERVICE);
        Simulation.Source storm = known(Priority.NORMAL, 2);
        simulation.run(10);
        storm.rate(5 * CAPACITY, SERVICE);
        simulation.run(20);
        storm.rate(0, SERVICE);
        simulation.run(2);
        calm.reset();
        simulation.run(10);
        assertThat(calm.servedShare()).isEqualTo(1, within(0.005));
        assertThat(calm.quantile(0.9)).isLessThan(2 * (long) SERVICE * Simulation.MILLI);
        calm.rate(0, SERVICE);
        simulation.run(1);
        assertThat(simulation.gate.taken()).isZero();
    }

    @Test
    void aNumberIsNeverExceededAndNeverMoves() {
        Simulation fixed = new Simulation(Bounds.fixed(30), 10);
        fixed.source(Priority.CRITICAL, true, 1).rate(2000, SERVICE);
        fixed.source(Priority.NORMAL, false, 2).rate(2000, SERVICE);
        for (int i = 0; i < 200; i++) {
            fixed.run(0.05);
            assertThat(fixed.gate.taken()).isBetween(15, 30);
            assertThat(fixed.gate.limit()).isEqualTo(30);
        }
    }

    // ---- who gets the places

    @Test
    void RL_12_lowPriorityIsGivenUpFirst() {
        Simulation.Source high = known(Priority.HIGH, 1).rate(0.6 * CAPACITY, SERVICE);
        Simulation.Source normal = known(Priority.NORMAL, 2).rate(0.2 * CAPACITY, SERVICE);
        Simulation.Source low = known(Priority.LOW, 3).rate(2.2 * CAPACITY, SERVICE);
        simulation.run(15);
        List.of(high, normal, low).forEach(Simulation.Source::reset);
        simulation.run(10);
        assertThat(high.servedShare()).isGreaterThan(0.98);
        assertThat(normal.servedShare()).isGreaterThan(0.95);
        assertThat(low.servedShare()).isLessThan(0.2);
        assertThat(high.served + normal.served + low.served).isGreaterThan((int) (0.9 * 10 * CAPACITY));
    }

    @Test
    void RL_12_strangersAreGivenUpBeforeKnownCallers() {
        Simulation.Source known = known(Priority.NORMAL, 1).rate(0.7 * CAPACITY, SERVICE);
        Simulation.Source strangers =
                simulation.source(Priority.NORMAL, false, 2).rate(2.3 * CAPACITY, SERVICE);
        simulation.run(15);
        known.reset();
        strangers.reset();
        simulation.run(10);
        assertThat(known.servedShare()).isGreaterThan(0.97);
        assertThat(strangers.servedShare()).isBetween(0.02, 0.2);
    }

    @Test
    void RL_12_tenantsGetEqualSharesAndWhatOthersLeave() {
        Simulation.Source modest = known(Priority.NORMAL, 1).rate(0.1 * CAPACITY, SERVICE);
        Simulation.Source greedy = known(Priority.NORMAL, 2).rate(2 * CAPACITY, SERVICE);
        Simulation.Source greedier = known(Priority.NORMAL, 3).rate(4 * CAPACITY, SERVICE);
        simulation.run(15);
        List.of(modest, greedy, greedier).forEach(Simulation.Source::reset);
        simulation.run(10);
        assertThat(modest.servedShare()).isGreaterThan(0.97);
        assertThat(greedy.served / (double) greedier.served).isBetween(0.8, 1.25);
        assertThat(greedy.served + greedier.served).isGreaterThan((int) (0.8 * 10 * CAPACITY));
        assertThat(greedier.aboveShare).isGreaterThan(greedier.fullUp);
    }

    @Test
    void RL_12_aTenantWithSlowRequestsSqueezesNobody() {
        for (int seed = 1; seed <= 5; seed++) {
            Simulation other = new Simulation(ADAPTIVE, SERVERS, seed);
            Simulation.Source honest = other.source(Priority.NORMAL, true, 1).rate(0.25 * CAPACITY, SERVICE);
            other.run(10);
            Simulation.Source hostile = other.source(Priority.NORMAL, true, 2).rate(CAPACITY, 50 * SERVICE);
            other.run(10);
            List.of(honest, hostile).forEach(Simulation.Source::reset);
            other.run(20);
            assertThat(honest.servedShare()).as("seed %d", seed).isGreaterThan(0.86);
        }
    }

    @Test
    void RL_12_aFloodOfCriticalRequestsLeavesOthersTheirFloor() {
        Simulation.Source honest = known(Priority.NORMAL, 1).rate(0.15 * CAPACITY, SERVICE);
        Simulation.Source hostile = known(Priority.CRITICAL, 2).rate(5 * CAPACITY, SERVICE);
        simulation.run(15);
        List.of(honest, hostile).forEach(Simulation.Source::reset);
        simulation.run(10);
        assertThat(honest.servedShare()).isGreaterThan(0.97);
    }

    @Test
    void RL_12_manyStrangersTakeNothingFromAKnownCaller() {
        Simulation.Source honest = known(Priority.NORMAL, 1).rate(0.3 * CAPACITY, SERVICE);
        for (int i = 0; i < 200; i++) {
            simulation.source(Priority.NORMAL, false, i).rate(CAPACITY / 40, SERVICE);
        }
        simulation.run(15);
        honest.reset();
        simulation.run(10);
        assertThat(honest.servedShare()).isGreaterThan(0.97);
    }

    @Test
    void RL_12_cheapRequestsThatStopDoNotMakeOthersLookSlow() {
        for (int seed = 1; seed <= 5; seed++) {
            Simulation other = new Simulation(ADAPTIVE, SERVERS, seed);
            Simulation.Source honest = other.source(Priority.NORMAL, true, 1).rate(0.3 * CAPACITY, SERVICE);
            Simulation.Source cheap = other.source(Priority.NORMAL, true, 2);
            other.run(10);
            honest.reset();
            for (int i = 0; i < 5; i++) {
                cheap.rate(CAPACITY, 1);
                other.run(2);
                cheap.rate(0, 1);
                other.run(2);
            }
            assertThat(honest.servedShare()).as("seed %d", seed).isGreaterThan(0.88);
        }
    }

    // ---- by hand

    private static final int STRANGER = Rank.highest(Priority.NORMAL) - 2;
    private static final int KNOWN = Rank.highest(Priority.NORMAL) - 1;

    /// The tickets of those of `times` requests that got a place.
    private static List<Integer> taken(LoadGate gate, int times, int rank, int slot, long now) {
        List<Integer> tickets = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            int ticket = gate.take(0, rank, slot, now);
            if (ticket >= 0) {
                tickets.add(ticket);
            }
        }
        return tickets;
    }

    private static void giveBack(LoadGate gate, List<Integer> tickets) {
        tickets.forEach(ticket -> gate.giveBack(0, ticket));
    }

    /// Requests take half of the shortest window.
    private static long nextWindow(LoadGate gate, long now) {
        gate.answered(0, LoadGate.WINDOW / 2);
        return now + 2 * LoadGate.WINDOW;
    }

    @Test
    void aFloorIsNoReasonToExceedANumber() {
        LoadGate gate = new LoadGate(Bounds.fixed(4), 1);
        long now = Simulation.SECOND;
        List<Integer> strangers = taken(gate, 10, STRANGER, 1, now);
        assertThat(strangers).hasSize(4);
        for (int i = 0; i < 3; i++) {
            now = nextWindow(gate, now);
            assertThat(gate.take(0, KNOWN, 2, now)).isEqualTo(LoadGate.FULL);
        }
        assertThat(gate.taken()).isEqualTo(4);
        giveBack(gate, strangers.subList(0, 1));
        assertThat(gate.take(0, STRANGER, 1, now)).as("kept for the floor").isNegative();
        assertThat(gate.take(0, KNOWN, 2, now)).isNotNegative();
    }

    @Test
    void sharesEndWithTheContention() {
        LoadGate gate = new LoadGate(Bounds.fixed(8), 1);
        long now = Simulation.SECOND;
        giveBack(gate, taken(gate, 20, STRANGER, 1, now));
        for (int i = 0; i < 10; i++) {
            now = nextWindow(gate, now);
            List<Integer> tickets = taken(gate, 5, STRANGER, 1, now);
            tickets.addAll(taken(gate, 1, KNOWN, 2, now));
            assertThat(tickets).hasSize(6);
            if (i == 1) {
                List<Integer> more = taken(gate, 20, STRANGER, 1, now);
                assertThat(more)
                        .as("in contention, room is left to whoever is known")
                        .hasSizeLessThan(2);
                giveBack(gate, more);
            }
            giveBack(gate, tickets);
        }
        now = nextWindow(gate, now);
        assertThat(taken(gate, 20, STRANGER, 1, now)).as("in calm again").hasSize(8);
    }

    @Test
    void refusalsAreCountedByPriorityAndReason() {
        known(Priority.LOW, 1).rate(3 * CAPACITY, SERVICE);
        simulation.run(5);
        LoadGate gate = simulation.gate;
        long low = gate.refused(Priority.LOW, LoadGate.FULL) + gate.refused(Priority.LOW, LoadGate.ABOVE_SHARE);
        assertThat(low).isPositive().isEqualTo(gate.refused());
        assertThat(gate.refused(Priority.NORMAL, LoadGate.FULL)).isZero();
    }
}
