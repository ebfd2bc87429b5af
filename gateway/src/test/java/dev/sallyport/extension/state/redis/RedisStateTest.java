package dev.sallyport.extension.state.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.state.SharedStateContract;
import dev.sallyport.testing.RedisServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// State in Redis keeps the laws of shared state, against a real one.
class RedisStateTest extends SharedStateContract {
    /// Time passes by everything at the server coming nearer to its end.
    private static final String AGE = """
            local by = tonumber(ARGV[1])
            for _, key in ipairs(redis.call('KEYS', '*')) do
              if redis.call('TYPE', key).ok == 'zset' then
                local all = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
                for i = 1, #all, 2 do redis.call('ZADD', key, all[i + 1] - by, all[i]) end
              end
              local left = redis.call('PTTL', key)
              if left > 0 then
                if left > by then redis.call('PEXPIRE', key, left - by) else redis.call('DEL', key) end
              end
            end
            return 'aged'
            """;

    private static final AtomicInteger NAMESPACES = new AtomicInteger();
    private static RedisServer server;
    private final RedisBench bench = new RedisBench();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        bench.close();
        server.command("FLUSHALL");
    }

    @Override
    protected SharedState state(int entries, int perOwner) {
        return bench.state(
                RedisBench.config(
                        server.url(),
                        RedisBench.KEY,
                        "n" + NAMESPACES.incrementAndGet(),
                        RedisBench.TIMEOUT.multipliedBy(5)),
                new RedisState.Bounds(entries, perOwner));
    }

    @Override
    protected void pass(Duration time) {
        assertThat(server.command("EVAL", AGE, "0", Long.toString(time.toMillis())))
                .isEqualTo("aged");
    }

    @Override
    protected Duration tick() {
        return Duration.ofSeconds(15);
    }

    @Test
    void DP_05_JW_24_otherGatewaysSeeEveryMark() {
        RedisState one = bench.state(server, "same");
        RedisState other = bench.state(server, "same");
        assertThat(mark(one, "a", "k")).isEqualTo(SharedState.Mark.FRESH);
        assertThat(mark(other, "a", "k")).isEqualTo(SharedState.Mark.SEEN);
        assertThat(mark(other, "b", "l")).isEqualTo(SharedState.Mark.FRESH);
        assertThat(mark(one, "b", "l")).isEqualTo(SharedState.Mark.SEEN);
        assertThat(one.completeSince()).isEqualTo(other.completeSince());
        assertThat(one.shared()).isTrue();
    }

    @Test
    void otherNamespacesSeeNothing() {
        RedisState one = bench.state(server, "one");
        RedisState other = bench.state(server, "other");
        assertThat(mark(one, "a", "k")).isEqualTo(SharedState.Mark.FRESH);
        assertThat(mark(other, "a", "k")).isEqualTo(SharedState.Mark.FRESH);
        replace(one, "k", null, "v");
        assertThat(value(other, "k")).isNull();
    }

    @Test
    void AD_12_theServerLearnsNothingOfWhatIsKept() {
        RedisState state = bench.state(server, "secrets");
        mark(state, "owner-in-plain", "mark-in-plain");
        replace(state, "key-in-plain", null, "value-in-plain");
        String keys = server.command("KEYS", "*");
        StringBuilder all = new StringBuilder(keys);
        for (String key : keys.split(" ", -1)) {
            all.append(
                    switch (server.command("TYPE", key)) {
                        case "zset" -> server.command("ZRANGE", key, "0", "-1");
                        case "hash" -> server.command("HGETALL", key);
                        default -> server.command("GET", key);
                    });
        }
        assertThat(keys).contains("secrets:");
        assertThat(all.toString()).doesNotContain("in-plain", "proofs", "values");
    }
}
