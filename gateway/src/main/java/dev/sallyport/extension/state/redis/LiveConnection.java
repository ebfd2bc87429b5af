package dev.sallyport.extension.state.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// A connection that was made, to one server or to a cluster, and is given up when it fails. Any thread.
///
/// @param commands used on `loop` only, since sending takes a lock
/// @param loop     the thread of all connections to the store
record LiveConnection(
        AbstractRedisClient client,
        StatefulConnection<String, byte[]> connection,
        RedisClusterAsyncCommands<String, byte[]> commands,
        EventLoop loop) {
    /// What each primary server tells of itself.
    CompletionStage<List<String>> describe() {
        if (commands instanceof RedisAdvancedClusterAsyncCommands<String, byte[]> cluster) {
            return CompletableFuture.supplyAsync(
                            () -> cluster.upstream().commands().info(), loop)
                    .thenCompose(executions -> executions);
        }
        return CompletableFuture.supplyAsync(commands::info, loop)
                .thenCompose(info -> info)
                .thenApply(List::of);
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /// Ends it; what is open fails.
    void close() {
        connection.closeAsync();
        client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }
}
