package dev.sallyport.extension.state.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Sharing;
import dev.sallyport.extension.limit.SharedCounters;
import dev.sallyport.testing.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/// Rates in a real Redis, by any row of questions of two gateways.
class RedisRatesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RedisServer SERVER = RedisServer.start();

    @AfterContainer
    static void stop() {
        SERVER.close();
    }

    /// Whatever gateways ask in whatever order, several at a time: in any stretch of time at most the rate times the
    /// stretch and the burst is allowed, and what is refused costs nothing.
    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void RL_09_neverMoreThanRateTimesTimePlusBurst(
            @ForAll @IntRange(min = 20, max = 3000) int amount,
            @ForAll @IntRange(min = 1, max = 40) int burst,
            @ForAll @IntRange(min = 1, max = 4) int atOnce) {
        RedisBench bench = new RedisBench();
        List<SharedCounters> gateways = new ArrayList<>();
        try {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                SharedCounters one = RedisBench.counters(bench.state(SERVER, "rates"));
                gateways.add(one);
                Measure measure = new Measure.Rate(amount, SECOND, burst);
                layers.add(one.layer(measure, new Share("rate " + amount, Sharing.STRICT, null), null));
            }
            SplittableRandom random = new SplittableRandom(amount * 31L + burst);
            long key = random.nextLong();
            List<long[]> allowed = new ArrayList<>();
            for (int i = 0; i < 300; i += atOnce) {
                long began = System.nanoTime();
                List<Charge> charges = new ArrayList<>();
                List<CompletionStage<?>> stages = new ArrayList<>();
                for (int j = 0; j < atOnce; j++) {
                    int which = random.nextInt(2);
                    Charge charge = new Charge(1);
                    charge.add(layers.get(which), key, key, 1 + random.nextInt(3), false);
                    CompletionStage<?> stage = gateways.get(which).take(charge, 0);
                    charges.add(charge);
                    if (stage != null) {
                        stages.add(stage);
                    }
                }
                stages.forEach(RedisBench::orNull);
                for (Charge charge : charges) {
                    if (charge.state(0) == State.TAKEN) {
                        allowed.add(new long[] {began, System.nanoTime(), charge.cost(0)});
                    }
                }
            }
            assertThat(allowed).isNotEmpty();
            for (int from = 0; from < allowed.size(); from++) {
                double sum = 0;
                for (int to = from; to < allowed.size(); to++) {
                    sum += allowed.get(to)[2];
                    double longest = allowed.get(to)[1] - allowed.get(from)[0];
                    assertThat(sum).isLessThanOrEqualTo(burst + amount * longest / SECOND + 1e-3);
                }
            }
        } finally {
            gateways.forEach(SharedCounters::close);
            bench.close();
        }
    }
}
