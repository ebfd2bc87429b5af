package dev.sallyport.extension.state.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.state.SharedState.Mark;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of shared state when its store is killed, hung, emptied, taken over or written to by others: nothing
/// that was used once is taken again, and everything goes on by itself.
class RedisFaultsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration QUICK = Duration.ofMillis(100);

    private final RedisServer server = RedisServer.start();
    private final RedisBench bench = new RedisBench();

    @AfterEach
    void close() {
        bench.close();
        server.close();
    }

    private RedisState quick(String namespace) {
        return bench.state(RedisBench.config(server.url(), RedisBench.KEY, namespace, QUICK), RedisState.Bounds.USUAL);
    }

    private static @Nullable Mark mark(RedisState state, String key) {
        return RedisBench.orNull(state.mark("proofs", "owner", key, HOUR));
    }

    private static void untilMarked(RedisState state, String key) {
        Eventually.until("marks can be set again", () -> mark(state, key) != null);
    }

    private static void untilDown(RedisState state) {
        Eventually.until("the store is down", () -> !state.store().up());
    }

    private void untilTold(String reason) {
        Eventually.until(reason, () -> bench.events().contains(reason));
    }

    /// What a caller that goes by [RedisState#completeSince()] makes of one attempt to use `key`, first used
    /// at `born`.
    private static boolean taken(RedisState state, String key, Instant born) {
        if (!born.isAfter(state.completeSince())) {
            return false;
        }
        Mark mark = mark(state, key);
        return mark == Mark.FRESH && born.isAfter(state.completeSince());
    }

    // ---- gone

    @Test
    void RL_10_FA_13_aKilledStoreFailsAtOnceAndComesBackByItself() {
        RedisState state = quick("kill");
        Instant born = Instant.now().plusMillis(5);
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        server.kill();
        untilDown(state);
        long began = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            CompletionStage<Mark> stage = state.mark("proofs", "owner", "k" + i, HOUR);
            assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        server.restart();
        untilMarked(state, "other");
        assertThat(taken(state, "k", born)).as("the server forgot it").isFalse();
        assertThat(state.completeSince()).isAfter(born);
        assertThat(bench.events()).contains("state.down", "state.up", "state.forgot");
    }

    @Test
    void RL_10_FA_13_aHungStoreIsNotAskedAndComesBackByItself() {
        RedisState state = quick("hang");
        Instant since = state.completeSince();
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        server.hang();
        long hung = System.nanoTime();
        assertThat(mark(state, "k2")).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - hung)).isBetween(QUICK, Duration.ofSeconds(2));
        untilDown(state);
        List<CompletionStage<Mark>> open = new ArrayList<>();
        while (System.nanoTime() - hung < Duration.ofSeconds(5).toNanos()) {
            long began = System.nanoTime();
            CompletionStage<Mark> stage = state.mark("proofs", "owner", "k", HOUR);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("to ask never waits")
                    .isLessThan(Duration.ofMillis(500));
            open.add(stage);
            LockSupport.parkNanos(1_000_000);
        }
        server.goOn();
        untilMarked(state, "other");
        assertThat(open).noneMatch(stage -> RedisBench.orNull(stage) == Mark.FRESH);
        assertThat(mark(state, "k")).isEqualTo(Mark.SEEN);
        assertThat(state.completeSince()).as("nothing was forgotten").isEqualTo(since);
    }

    @Test
    void RL_10_FA_13_aHungStoreIsNotAskedByTheFirstWhoNeedsItEither() {
        RedisState state = quick("idle");
        server.hang();
        // who looks at it notices, though nobody asks
        untilTold("event=state.down");
        assertThat(state.store().up()).isFalse();
        CompletionStage<Mark> stage = state.mark("proofs", "owner", "k", HOUR);
        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        server.goOn();
        untilMarked(state, "k");
    }

    @Test
    void FA_13_whatFlapsTakesNothingTwice() {
        RedisState one = quick("flap");
        RedisState other = quick("flap");
        List<String> keys = new ArrayList<>();
        List<Instant> born = new ArrayList<>();
        int taken = 0;
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 50; i++) {
                keys.add(round + "." + i);
                born.add(Instant.now());
                taken += taken(one, keys.getLast(), born.getLast()) ? 1 : 0;
            }
            server.kill();
            for (int i = 0; i < keys.size(); i++) {
                assertThat(taken(other, keys.get(i), born.get(i))).isFalse();
            }
            server.restart();
            untilMarked(one, "back " + round);
            untilMarked(other, "back too " + round);
            for (int i = 0; i < keys.size(); i++) {
                assertThat(taken(i % 2 == 0 ? one : other, keys.get(i), born.get(i)))
                        .as("replay of " + keys.get(i))
                        .isFalse();
            }
        }
        assertThat(taken).isGreaterThan(50);
    }

    @Test
    void FA_13_aServerThatStartsWithOldDataIsNotTakenAtItsWord(@TempDir Path folder) {
        RedisServer storing = RedisServer.start("--dir", folder.toString());
        try {
            RedisState state = bench.state(
                    RedisBench.config(storing.url(), RedisBench.KEY, "old", QUICK), RedisState.Bounds.USUAL);
            assertThat(mark(state, "before")).isEqualTo(Mark.FRESH);
            assertThat(storing.command("SAVE")).isEqualTo("OK");
            Instant born = Instant.now();
            assertThat(mark(state, "after")).isEqualTo(Mark.FRESH);
            storing.restart();
            assertThat(Files.exists(folder.resolve("dump.rdb"))).isTrue();
            untilMarked(state, "other");
            assertThat(mark(state, "before")).as("the old data is there").isEqualTo(Mark.SEEN);
            assertThat(taken(state, "after", born)).isFalse();
        } finally {
            storing.close();
        }
    }

    @Test
    void FA_13_aServerThatIsEmptiedIsNoticedByTheNextMark() {
        RedisState one = quick("flush");
        RedisState other = quick("flush");
        Instant born = Instant.now();
        assertThat(mark(one, "k")).isEqualTo(Mark.FRESH);
        Eventually.until("the clock has gone on", () -> Instant.now().isAfter(born.plusMillis(2)));
        server.command("FLUSHALL");
        assertThat(taken(one, "k", born)).isFalse();
        assertThat(taken(other, "k", born)).isFalse();
        untilMarked(one, "x");
        untilMarked(other, "y");
        assertThat(one.completeSince()).isAfter(born).isEqualTo(other.completeSince());
        assertThat(taken(one, "k", born)).isFalse();
        Instant later = Instant.now().plusMillis(5);
        assertThat(taken(one, "new", later)).isTrue();
        assertThat(taken(other, "new", later)).isFalse();
    }

    @Test
    void FA_13_aSpaceThatAloneLostItsDataIsNoticed() {
        RedisState state = quick("part");
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        Instant born = Instant.now();
        String register = "part:{register}";
        String entered = null;
        for (String word : server.command("HKEYS", register).split(" ", -1)) {
            if (word.contains("{")) {
                entered = word;
            }
        }
        // as if the space had been entered long ago
        server.command("HSET", register, String.valueOf(entered), "1000");
        for (String key : server.command("KEYS", entered + "*").split(" ", -1)) {
            server.command("DEL", key);
        }
        assertThat(mark(state, "k")).isNull();
        assertThat(state.completeSince()).isAfterOrEqualTo(born.minusMillis(1));
        untilMarked(state, "l");
    }

    /// A space loses its data, so that a new generation begins, while marks of another space are on their way.
    /// It is done again until one was, which nobody can make sure of from outside.
    @Test
    void FA_13_aMarkOfAGenerationThatEndedMeanwhileIsNotFresh() {
        RedisState state = bench.state(server, "meanwhile");
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        int forgotten = 0;
        for (int i = 0; i < 50 && forgotten == 0; i++) {
            forgotten = forgottenMeanwhile(state, "round " + i + " ");
        }
        assertThat(forgotten).as("who was told of the old generation").isPositive();
    }

    private int forgottenMeanwhile(RedisState state, String round) {
        AtomicInteger tries = new AtomicInteger();
        Eventually.until(
                "a space that is entered",
                () -> RedisBench.orNull(state.mark("others", "owner", round + "k" + tries.incrementAndGet(), HOUR))
                        == Mark.FRESH);
        Instant before = state.completeSince();
        String register = "meanwhile:{register}";
        List<String> spaces = new ArrayList<>();
        for (String word : server.command("HKEYS", register).split(" ", -1)) {
            if (word.contains("{")) {
                spaces.add(word);
            }
        }
        String others = spaces.getLast();
        server.command("HSET", register, others, "1000");
        server.command("DEL", others + "g");
        List<CompletionStage<Mark>> asked = new ArrayList<>();
        CompletionStage<Mark> noticing = state.mark("others", "owner", round + "l", HOUR);
        for (int i = 0; state.completeSince().equals(before) && i < 9000; i++) {
            asked.add(state.mark("proofs", "owner", round + "on the way " + i, HOUR));
        }
        assertThat(RedisBench.orNull(noticing)).isNull();
        Eventually.until("a new generation", () -> state.completeSince().isAfter(before));
        int forgotten = 0;
        for (CompletionStage<Mark> one : asked) {
            forgotten += RedisBench.orNull(one) == null ? 1 : 0;
        }
        return forgotten;
    }

    // ---- forged

    @Test
    void AD_12_whatNobodySealedIsNotBelieved() {
        RedisState state = quick("forged");
        RedisState stranger = bench.state(
                RedisBench.config(server.url(), "another key, also of 32 octets or more", "forged", QUICK),
                RedisState.Bounds.USUAL);
        byte[] value = "admin".getBytes(UTF_8);
        RedisBench.orNull(state.replace("sessions", "a", null, value, HOUR));
        String key = server.command("KEYS", "*v:*");
        String sealed = server.command("GET", key);
        assertThat(RedisBench.orNull(state.get("sessions", "a"))).isEqualTo(value);

        for (int i = 0; i < sealed.length(); i++) {
            char[] changed = sealed.toCharArray();
            changed[i] = (char) (changed[i] ^ 1);
            server.command("SET", key, new String(changed));
            assertThat(state.get("sessions", "a").toCompletableFuture())
                    .as("octet " + i)
                    .failsWithin(Duration.ofSeconds(5));
        }
        server.command("SET", key, "short");
        assertThat(state.get("sessions", "a").toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
        assertThat(state.all("sessions").toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
        server.command("SET", key, sealed);
        assertThat(RedisBench.orNull(state.get("sessions", "a"))).isEqualTo(value);

        // another value of the space, put in its place
        RedisBench.orNull(state.replace("sessions", "b", null, "guest".getBytes(UTF_8), HOUR));
        String other = server.command("KEYS", "*v:*").replace(key, "").strip();
        server.command("SET", other, sealed);
        assertThat(state.get("sessions", "b").toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
        assertThat(state.all("sessions").toCompletableFuture()).failsWithin(Duration.ofSeconds(5));

        // a value of another space
        RedisBench.orNull(state.replace("roles", "a", null, value, HOUR));
        for (String one : server.command("KEYS", "*v:*").split(" ", -1)) {
            if (!one.equals(key) && !one.equals(other)) {
                server.command("SET", key, server.command("GET", one));
            }
        }
        assertThat(state.get("sessions", "a").toCompletableFuture()).failsWithin(Duration.ofSeconds(5));

        // a gateway with another key sees other names, so it finds nothing
        assertThat(RedisBench.orNull(stranger.get("sessions", "a"))).isNull();
        Eventually.until("it is told", () -> bench.events().contains("state.forged"));
    }

    @Test
    void AD_12_aValueOfTheWrongTypeFails() {
        RedisState state = quick("type");
        mark(state, "k");
        for (String key : server.command("KEYS", "*").split(" ", -1)) {
            if (key.endsWith("m")) {
                server.command("SET", key, "a text");
            }
        }
        assertThat(mark(state, "k")).isNull();
    }

    // ---- unfit

    @Test
    void FA_13_aServerThatThrowsAwayWhatItHoldsIsNotUsed() {
        RedisState state = quick("policy");
        server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        assertThat(mark(state, "without a bound")).isEqualTo(Mark.FRESH);
        server.command("CONFIG", "SET", "maxmemory", "100mb");
        untilDown(state);
        assertThat(mark(state, "k")).isNull();
        untilTold("maxmemory-policy: allkeys-lru (expected: noeviction");
        server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        untilMarked(state, "k");
    }

    @Test
    void FA_13_aFullServerRefusesAndRecovers() {
        RedisState state = quick("full");
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(mark(state, "l")).isNull();
        server.command("CONFIG", "SET", "maxmemory", "0");
        untilMarked(state, "m");
        assertThat(mark(state, "k")).isEqualTo(Mark.SEEN);
    }

    @Test
    void RL_10_FA_13_aReplicaIsNotUsed() {
        RedisState state = quick("replica");
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        server.command("REPLICAOF", "127.0.0.1", "1");
        assertThat(mark(state, "l")).isNull();
        untilDown(state);
        untilTold("the server is a slave (expected: the primary one)");
        // another connection may lead to the primary one by now
        assertThat(state.store().live()).isNull();
        server.command("REPLICAOF", "NO", "ONE");
        untilMarked(state, "m");
        assertThat(mark(state, "k")).isEqualTo(Mark.SEEN);
    }

    @Test
    void FA_13_scriptsThatTheServerForgotAreSentAgain() {
        RedisState state = quick("scripts");
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        server.command("SCRIPT", "FLUSH");
        assertThat(mark(state, "k")).isEqualTo(Mark.SEEN);
    }
}
