package dev.sallyport.extension.state.redis;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Connects to the store, looks at it again and again, and gives up a connection that does not answer. A server is
/// used only after it was looked at: whether it is the primary one, does not throw away what it holds, and knows the
/// marks that were set.
@OffLoop("a virtual thread of its own")
final class Keeper {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(50);
    private static final Duration DESCRIBED_WITHIN = Duration.ofSeconds(1);
    /// Looks in a row that fail before the connection is given up: it may lead nowhere without anybody noticing.
    private static final int FAILURES = 3;

    private final RedisStore store;
    private final Generations generations;
    private final Nodes nodes;
    private final String register;
    private final Duration timeout;
    private final EventLog log;
    private final String server;
    private final Semaphore wake = new Semaphore(0);
    private final Semaphore closing = new Semaphore(0);
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();
    private volatile boolean closed;
    private @Nullable Boolean told;
    private @Nullable String reason;
    private int failures;

    /// @param nodes    who is alive
    /// @param register where the generation is noted
    /// @param timeout  how long the server may take
    /// @param server   what it is called in logs
    Keeper(
            RedisStore store,
            Generations generations,
            Nodes nodes,
            String register,
            Duration timeout,
            EventLog log,
            String server) {
        this.store = store;
        this.generations = generations;
        this.nodes = nodes;
        this.register = register;
        this.timeout = timeout;
        this.log = log;
        this.server = server;
    }

    /// Begins; the stage ends when the store has answered once.
    CompletionStage<Boolean> start(Supplier<Client> making) {
        Thread.ofVirtual().name("state").start(() -> {
            try (Client client = making.get()) {
                run(client);
            } catch (RuntimeException | LinkageError bug) {
                // nothing is asked from now on, and nobody let in by it
                store.use(null);
                first.completeExceptionally(bug);
                log.failure(Event.INTERNAL_ERROR, bug);
            }
        });
        return first;
    }

    /// Has it look now. Any thread, without waiting.
    void wake() {
        wake.release();
    }

    void close() {
        closed = true;
        closing.release();
        wake.release();
    }

    private void run(Client client) {
        while (!closed) {
            boolean good = look(client);
            Duration pause = good ? LOOK_EVERY : LOOK_AGAIN;
            try {
                if (closing.tryAcquire(LEAST_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
                wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        leave(store.live());
        giveUp(store.live());
    }

    private void leave(@Nullable LiveConnection connection) {
        if (connection != null && connection.isOpen()) {
            CompletableFuture<Boolean> left = new CompletableFuture<>();
            connection.loop().execute(() -> {
                nodes.leave(connection.commands());
                left.complete(true);
            });
            try {
                Client.await(left, timeout);
            } catch (IOException gone) {
                // the others will notice
            }
        }
    }

    private boolean look(Client client) {
        LiveConnection now = store.live();
        try {
            if (now == null) {
                LiveConnection next = client.connect(this::lost);
                try {
                    check(next);
                } catch (IOException | RuntimeException e) {
                    next.close();
                    throw e;
                }
                store.use(next);
            } else {
                check(now);
            }
            failures = 0;
            store.resume();
            up();
            return true;
        } catch (IOException | RuntimeException e) {
            store.suspend();
            failures++;
            if (now != null && (!now.isOpen() || failures >= FAILURES || e instanceof UnfitException)) {
                giveUp(now);
            }
            down(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// The server answers, but what is kept there would not be safe.
    private static final class UnfitException extends IOException {
        private static final long serialVersionUID = 1L;

        UnfitException(IOException why) {
            super(why.getMessage(), why);
        }
    }

    private void check(LiveConnection connection) throws IOException {
        List<String> described = Client.await(connection.describe(), DESCRIBED_WITHIN);
        String names;
        try {
            names = ServerInfo.names(described);
        } catch (IOException e) {
            throw new UnfitException(e);
        }
        generations.seen(names);
        CompletableFuture<List<byte[]>> asked = new CompletableFuture<>();
        connection
                .loop()
                .execute(() -> RedisStore.<List<byte[]>>scripted(
                                connection.commands(),
                                Scripts.GENERATION,
                                ScriptOutputType.MULTI,
                                new String[] {register},
                                new byte[][] {generations.servers(), generations.nextId()})
                        .whenComplete((answer, failure) -> RedisStore.end(asked, answer, failure)));
        generations.adopt(Client.await(asked, timeout));
        sayAlive(connection);
    }

    private void sayAlive(LiveConnection connection) {
        CompletableFuture<Long> alive = new CompletableFuture<>();
        connection
                .loop()
                .execute(() -> nodes.sayAlive(connection.commands())
                        .whenComplete((number, failure) -> RedisStore.end(alive, number, failure)));
        try {
            nodes.told(Client.await(alive, timeout));
        } catch (IOException full) {
            // one that has no room for this can be read, and the others know soon what the last look said
        }
    }

    private void lost() {
        LiveConnection was = store.live();
        if (was != null && !was.isOpen()) {
            store.suspend();
        }
        wake();
    }

    private void giveUp(@Nullable LiveConnection connection) {
        store.use(null);
        if (connection != null) {
            connection.close();
        }
    }

    private void up() {
        if (!Boolean.TRUE.equals(told)) {
            told = true;
            reason = null;
            log.event(Event.STATE_UP, "server", server);
            first.complete(true);
        }
    }

    private void down(String why) {
        if (!Boolean.FALSE.equals(told) || !why.equals(reason)) {
            boolean other = !Boolean.FALSE.equals(told);
            told = false;
            reason = why;
            log.event(other ? Event.STATE_DOWN : Event.STATE_FAILING, "server", server, "reason", why);
        }
    }
}
