package dev.sallyport.extension.state.redis;

import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.WhenDown;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.extension.limit.SharedCounters;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.RedisServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// States on real servers, closed together.
final class RedisBench implements AutoCloseable {
    static final String KEY = "0123456789abcdef0123456789abcdef";
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(events, EventLog.Format.LOGFMT);
    private final List<RedisState> opened = new ArrayList<>();

    static RedisStateConfig config(String url, String key, String namespace, Duration timeout) {
        return new RedisStateConfig(
                RedisUrl.parse(url),
                null,
                List.of(),
                null,
                null,
                null,
                new Secret(key),
                timeout,
                WhenDown.LOCAL_SHARE,
                1,
                namespace);
    }

    /// A started state that has connected.
    RedisState state(RedisServer server, String namespace) {
        return state(config(server.url(), KEY, namespace, TIMEOUT), RedisState.Bounds.USUAL);
    }

    /// A started state that has connected.
    RedisState state(RedisStateConfig config, RedisState.Bounds bounds) {
        RedisState state = started(config, bounds);
        Eventually.until("the store is up", state.store()::up);
        return state;
    }

    /// A started state.
    RedisState started(RedisStateConfig config, RedisState.Bounds bounds) {
        RedisState state = new RedisState(config, bounds, new FakeServices(Instant.now()), log);
        opened.add(state);
        state.start();
        return state;
    }

    /// Counters that are shared through `state`. The server knows the scripts by then, so that whatever is
    /// asked next is
    /// done in its order.
    static SharedCounters counters(RedisState state) {
        SharedCounters counters = new SharedCounters(
                new MemoryCounters(System::nanoTime, InstantSource.system(), Runnable::run, 1L << 26),
                System::nanoTime,
                InstantSource.system(),
                new EventLog(new ByteArrayOutputStream(), EventLog.Format.LOGFMT));
        counters.share(state.counterStore());
        CounterStore.Key key = new CounterStore.Key("warm", 0, 0);
        CounterStore.Ask asked = new CounterStore.Ask.Time(key, false, 1, 1, 0, Debt.NONE);
        orNull(state.counterStore().take(List.of(asked)));
        state.counterStore().giveBack(List.of(asked), new long[1]);
        orNull(state.counterStore().forget(key));
        orNull(state.counterStore().forget(key));
        return counters;
    }

    String events() {
        return events.toString(StandardCharsets.UTF_8);
    }

    /// What a stage ends with, or null when it fails.
    static <T extends @Nullable Object> @Nullable T orNull(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception failed) {
            return null;
        }
    }

    @Override
    public void close() {
        opened.forEach(RedisState::close);
    }
}
