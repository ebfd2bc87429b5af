package dev.sallyport.extension.state.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;

/// The gateways that share the store: each says again and again that it is alive, and is forgotten when it does not.
/// While the store is gone, the number of the last look counts. Any thread.
final class Nodes {
    private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(5);

    private final String table;
    private final byte[] own;
    private volatile int alive;

    /// @param table    the key of who is alive
    /// @param random   that no other process has
    /// @param expected how many there are, as long as the store did not tell
    Nodes(String table, byte[] random, int expected) {
        this.table = table;
        this.own = HexFormat.of().formatHex(random).getBytes(US_ASCII);
        this.alive = expected;
    }

    /// What this gateway is called in the store.
    byte[] own() {
        return own;
    }

    /// How many are alive, as far as it is known; at least one.
    int alive() {
        return alive;
    }

    /// Says that this one is alive; on the thread of the connection.
    CompletionStage<Long> sayAlive(RedisClusterAsyncCommands<String, byte[]> commands) {
        byte[] left = Long.toString(FORGOTTEN_AFTER.toMillis()).getBytes(US_ASCII);
        return RedisStore.scripted(
                commands, CounterScripts.ALIVE, ScriptOutputType.INTEGER, new String[] {table}, new byte[][] {own, left
                });
    }

    void told(long number) {
        alive = Math.clamp(number, 1, Short.MAX_VALUE);
    }

    /// Takes leave, so that the others need not wait to know; on the thread of the connection.
    void leave(RedisClusterAsyncCommands<String, byte[]> commands) {
        commands.zrem(table, own);
    }
}
