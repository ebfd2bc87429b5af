package dev.sallyport.dataplane.overload;

import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// How much the gateway itself has to do, over all loops. What is to be watched for is set, and memory told of, by
/// control threads; each loop decides by its [LoopLoad].
public final class GatewayLoad implements MetricSource {
    private static final int WHOLE = 1000;

    private final KeySecret secret;
    private final List<LoopLoad> loops = new CopyOnWriteArrayList<>();
    private volatile OverloadSettings settings = OverloadSettings.NONE;
    private volatile int memoryPermille;

    /// One that has never too much to do, until it is [told][#use] what that is.
    public GatewayLoad() {
        SecureRandom random = new SecureRandom();
        this.secret = new KeySecret(random.nextLong(), random.nextLong());
    }

    /// The load of `worker`'s loop, made once for each; watched from now on.
    public LoopLoad watch(Worker worker) {
        LoopLoad load = new LoopLoad(worker, this);
        loops.add(load);
        return load;
    }

    public void use(OverloadSettings next) {
        settings = next;
    }

    public OverloadSettings settings() {
        return settings;
    }

    /// Tells how full memory is, in thousandths.
    public void memory(int permille) {
        memoryPermille = permille;
    }

    int memoryPermille() {
        return memoryPermille;
    }

    KeySecret secret() {
        return secret;
    }

    /// Whether memory is so full that connections nobody uses should be closed.
    public boolean shedsConnections() {
        return memoryPermille > settings.memoryPermille();
    }

    /// Whether it is so full that no more connections should be taken: half of the way from there to the end.
    public boolean refusesConnections() {
        return memoryPermille > (settings.memoryPermille() + WHOLE) / 2;
    }

    /// Requests being served now.
    public long active() {
        long sum = 0;
        for (int i = 0; i < loops.size(); i++) {
            sum += loops.get(i).active();
        }
        return sum;
    }

    /// What weighs heaviest on the loop that has most to do, when it has too much; null when none has.
    public @Nullable Signal shedding() {
        LoopLoad worst = null;
        for (LoopLoad loop : loops) {
            if (loop.threshold() > 0 && (worst == null || loop.threshold() > worst.threshold())) {
                worst = loop;
            }
        }
        return worst == null ? null : worst.signal();
    }

    /// How many requests were refused because of it so far.
    public long refused() {
        long sum = 0;
        for (LoopLoad loop : loops) {
            sum += loop.refused();
        }
        return sum;
    }

    @Override
    public void collect(MetricSink sink) {
        long lag = 0;
        for (LoopLoad loop : loops) {
            lag = Math.max(lag, loop.lagNanos());
        }
        OverloadSettings now = settings;
        sink.value(Metrics.OVERLOAD_PRESSURE, lag / (double) now.loopLag(), Signal.LOOP_LAG.word());
        sink.value(Metrics.OVERLOAD_PRESSURE, memoryPermille / (double) now.memoryPermille(), Signal.MEMORY.word());
        sink.value(Metrics.OVERLOAD_PRESSURE, (double) active() / now.requests(), Signal.REQUESTS.word());
    }
}
