package dev.sallyport.extension.state.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.netty.channel.DefaultEventLoop;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The way to a server, without one.
class RedisStoreTest {
    private final RedisClient client = RedisClient.create();
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final AtomicInteger looks = new AtomicInteger();
    private final RedisStore store = new RedisStore(Duration.ofHours(1), System::nanoTime, looks::incrementAndGet);

    @BeforeEach
    void connect() {
        store.use(new LiveConnection(client, connection(), commands(), loop));
    }

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        client.shutdownAsync(0, 0, TimeUnit.SECONDS);
    }

    @SuppressWarnings("unchecked") // nobody calls it
    private static StatefulConnection<String, byte[]> connection() {
        return nothing(StatefulConnection.class);
    }

    @SuppressWarnings("unchecked") // nobody calls it
    private static RedisClusterAsyncCommands<String, byte[]> commands() {
        return nothing(RedisClusterAsyncCommands.class);
    }

    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> {
            throw new UnsupportedOperationException(method.getName());
        }));
    }

    private static StateFailure.@Nullable Why why(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
            return null;
        } catch (CompletionException e) {
            return e.getCause() instanceof StateFailure failure ? failure.why() : null;
        }
    }

    private void fail(Exception how) {
        CompletionStage<String> stage = store.ask(_ -> CompletableFuture.failedStage(how));
        assertThat(stage.toCompletableFuture()).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void FA_11_onlySoMuchIsAskedAtOnce() {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        List<CompletionStage<String>> asked = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            answers.add(answer);
            asked.add(store.ask(_ -> answer));
        }
        CompletionStage<String> more = store.ask(_ -> CompletableFuture.completedStage("more"));
        assertThat(more.toCompletableFuture()).as("at once").isCompletedExceptionally();
        assertThat(why(more)).isEqualTo(StateFailure.Why.CROWDED);
        answers.getFirst().complete("one");
        assertThat(why(asked.getFirst())).isNull();
        assertThat(why(store.ask(_ -> CompletableFuture.completedStage("more"))))
                .isNull();
        assertThat(looks).as("a crowd is no fault of the server").hasValue(0);
    }

    @Test
    void RL_10_whoFailsAgainAndAgainIsLookedAt() {
        for (int i = 0; i < 4; i++) {
            fail(new IllegalStateException("reset"));
        }
        assertThat(looks).hasValue(0);
        fail(new IllegalStateException("reset"));
        assertThat(looks).hasPositiveValue();
        assertThat(store.up()).isFalse();
        assertThat(why(store.ask(_ -> CompletableFuture.completedStage("x")))).isEqualTo(StateFailure.Why.DOWN);
        store.resume();
        assertThat(why(store.ask(_ -> CompletableFuture.completedStage("x")))).isNull();
    }

    @Test
    void FA_13_whoAnswersWithAnErrorIsLookedAtAtOnce() {
        fail(new RedisCommandExecutionException("READONLY You can't write against a read only replica."));
        assertThat(looks).hasValue(1);
        assertThat(store.up()).isTrue();
    }
}
