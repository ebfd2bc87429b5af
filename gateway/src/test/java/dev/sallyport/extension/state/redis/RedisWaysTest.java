package dev.sallyport.extension.state.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Answer;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.WhenDown;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.state.SharedState.Mark;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RedisServer;
import dev.sallyport.testing.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ways to a store: with TLS and passwords, by sentinels, in a cluster.
class RedisWaysTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final RedisBench bench = new RedisBench();
    private final List<RedisServer> servers = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        bench.close();
        servers.forEach(RedisServer::close);
    }

    private RedisServer server(String... options) {
        RedisServer server = RedisServer.start(options);
        servers.add(server);
        return server;
    }

    private static @Nullable Mark mark(RedisState state, String key) {
        return RedisBench.orNull(state.mark("proofs", "owner", key, HOUR));
    }

    private static void worksFully(RedisState state) {
        assertThat(mark(state, "k")).isEqualTo(Mark.FRESH);
        assertThat(mark(state, "k")).isEqualTo(Mark.SEEN);
        byte[] value = "v".getBytes(UTF_8);
        for (String space : List.of("a", "b", "c")) {
            assertThat(RedisBench.orNull(state.replace(space, "k", null, value, HOUR)))
                    .isTrue();
            assertThat(RedisBench.orNull(state.get(space, "k"))).isEqualTo(value);
            assertThat(RedisBench.orNull(state.all(space))).containsOnlyKeys("k");
        }
    }

    /// Every sort of counter, of keys at one server each.
    private static void counts(RedisState state, int keys) {
        CounterStore store = state.counterStore();
        Eventually.until("it is counted among the gateways", () -> store.nodes() == 1);
        long now = System.currentTimeMillis() / 1000;
        for (long high = 1; high <= keys; high++) {
            CounterStore.Key key = new CounterStore.Key("limit", high << 32, high);
            Ask.Time time = new Ask.Time(key, false, 1_000_000_000L, 2_000_000_000L, 0, Debt.NONE);
            CounterStore.Key daily = new CounterStore.Key("daily", high << 32, high);
            Ask.Amount amount = new Ask.Amount(daily, false, 1, 2, 0, Debt.NONE, now - 10, now + 1000, now + 2000);
            CounterStore.Key places = new CounterStore.Key("places", high << 32, high);
            Ask.Place place = new Ask.Place(places, false, 1000, 1, high, 60_000);
            List<Answer> answers = RedisBench.orNull(store.take(List.of(time, amount, place)));
            assertThat(answers).hasSize(3).allMatch(Answer::allowed);
            store.hold(List.of(place));
            List<Answer> refused = RedisBench.orNull(store.take(List.of(time, amount, place)));
            assertThat(refused).hasSize(3).last().matches(answer -> !answer.allowed());
            store.giveBack(List.of(time, amount, place), new long[] {0, now + 1000, 0});
            Eventually.until("it is given back", () -> {
                List<Answer> again = RedisBench.orNull(store.take(List.of(place)));
                return again != null && again.getFirst().allowed();
            });
            assertThat(RedisBench.orNull(store.forget(key))).isFalse();
            assertThat(RedisBench.orNull(store.forget(daily))).isTrue();
        }
    }

    private static RedisStateConfig config(
            String url, @Nullable String username, @Nullable String password, @Nullable RemoteTls tls) {
        return new RedisStateConfig(
                RedisUrl.parse(url),
                null,
                List.of(),
                username,
                password == null ? null : new Secret(password),
                tls,
                new Secret(RedisBench.KEY),
                TIMEOUT,
                WhenDown.LOCAL_SHARE,
                1,
                "sallyport");
    }

    private String notUp(RedisStateConfig config, String reason) {
        RedisState state = bench.started(config, RedisState.Bounds.USUAL);
        Eventually.until("it says why: " + bench.events(), () -> bench.events().contains(reason));
        assertThat(state.store().up()).isFalse();
        assertThat(mark(state, "k")).isNull();
        return bench.events();
    }

    // ---- users

    @Test
    void AD_12_theUserOfTheDocumentationMayDoWhatIsNeeded() throws IOException {
        RedisServer server = server();
        String text = Files.readString(Path.of("../docs/shared-state.md"));
        String rule = text.lines()
                .filter(line -> line.startsWith("ACL SETUSER sallyport"))
                .findFirst()
                .orElseThrow();
        assertThat(server.command(rule.replace("PASSWORD", "secret").split(" ", -1)))
                .isEqualTo("OK");
        server.command("ACL", "SETUSER", "default", "off");
        RedisState state = bench.state(config(server.url(), "sallyport", "secret", null), RedisState.Bounds.USUAL);
        worksFully(state);
        counts(state, 1);
    }

    @Test
    void AD_12_aWrongPasswordIsTold() {
        RedisServer server = server("--requirepass", "right");
        String events = notUp(config(server.url(), null, "wrong", null), "WRONGPASS");
        assertThat(events).doesNotContain("wrong ", "\"wrong\"");
        RedisState right = bench.state(config(server.url(), null, "right", null), RedisState.Bounds.USUAL);
        worksFully(right);
    }

    // ---- TLS

    private RedisServer withTls(TestCertificates authority, String name) throws IOException {
        authority.server(name).write(folder, "redis");
        Files.writeString(folder.resolve("ca.crt"), authority.pem());
        int port = RedisServer.freePort();
        RedisServer server = RedisServer.start(
                port,
                "--port",
                "0",
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                folder.resolve("redis.crt").toString(),
                "--tls-key-file",
                folder.resolve("redis.key").toString(),
                "--tls-ca-cert-file",
                folder.resolve("ca.crt").toString());
        servers.add(server);
        return server;
    }

    private RemoteTls trusting(TestCertificates authority, RemoteTls.@Nullable KeyPair own) throws IOException {
        Path file = Files.createTempFile(folder, "trust", ".crt");
        Files.writeString(file, authority.pem());
        return new RemoteTls(file, own);
    }

    @Test
    void AD_12_speaksTlsBothWays() throws IOException {
        TestCertificates authority = TestCertificates.authority("redis");
        RedisServer server = withTls(authority, "127.0.0.1");
        authority.client("spiffe://test/gateway").write(folder, "gateway");
        RemoteTls.KeyPair own = new RemoteTls.KeyPair(folder.resolve("gateway.crt"), folder.resolve("gateway.key"));
        String url = "rediss://127.0.0.1:" + server.port();
        worksFully(bench.state(config(url, null, null, trusting(authority, own)), RedisState.Bounds.USUAL));
        notUp(config(url, null, null, trusting(authority, null)), "state.down");
    }

    @Test
    void AD_12_believesNoOtherAuthorityAndNoOtherName() throws IOException {
        TestCertificates authority = TestCertificates.authority("redis");
        RedisServer server = withTls(authority, "redis.test");
        authority.client("spiffe://test/gateway").write(folder, "gateway");
        RemoteTls.KeyPair own = new RemoteTls.KeyPair(folder.resolve("gateway.crt"), folder.resolve("gateway.key"));
        String url = "rediss://127.0.0.1:" + server.port();
        notUp(config(url, null, null, trusting(authority, own)), "127.0.0.1");
        notUp(config(url, null, null, trusting(TestCertificates.authority("other"), own)), "certification path");
    }

    // ---- several servers

    @Test
    void RL_10_FA_13_sentinelsLeadToTheNextPrimary() {
        RedisServer primary = server();
        RedisServer replica = server("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
        RedisServer sentinel = RedisServer.sentinel(primary);
        servers.add(sentinel);
        RedisStateConfig config = new RedisStateConfig(
                null,
                new RedisStateConfig.Sentinel("main", List.of(RedisUrl.parse(sentinel.url())), null),
                List.of(),
                null,
                null,
                null,
                new Secret(RedisBench.KEY),
                TIMEOUT,
                WhenDown.LOCAL_SHARE,
                1,
                "sallyport");
        RedisState state = bench.state(config, RedisState.Bounds.USUAL);
        worksFully(state);
        Eventually.until(
                "the replica follows",
                () -> replica.command("INFO", "replication").contains("master_link_status:up"));
        Eventually.until(
                "the sentinel knows the replica",
                () -> sentinel.command("SENTINEL", "MASTER", "main").contains("num-slaves 1"));
        var since = state.completeSince();
        assertThat(sentinel.command("SENTINEL", "FAILOVER", "main")).isEqualTo("OK");
        Eventually.until("the replica took over", () -> isPrimary(replica));
        primary.kill();
        Eventually.until("marks can be set there", () -> mark(state, "after") != null);
        assertThat(state.completeSince())
                .as("the latest marks may not have come over")
                .isAfter(since);
        assertThat(replica.command("KEYS", "*")).contains("sallyport:");
    }

    private static boolean isPrimary(RedisServer server) {
        try {
            return server.command("INFO", "replication").contains("role:master");
        } catch (UncheckedIOException reset) {
            // it ends connections when its role changes
            return false;
        }
    }

    @Test
    void FA_13_aClusterIsAskedWhereEachSpaceIs() {
        RedisServer first = cluster();
        RedisServer second = cluster();
        first.command(slots(0, 8191));
        second.command(slots(8192, 16383));
        first.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(second.port()));
        for (RedisServer one : List.of(first, second)) {
            Eventually.until(
                    "the cluster is whole",
                    () -> one.command("CLUSTER", "INFO").contains("cluster_state:ok")
                            && one.command("CLUSTER", "INFO").contains("cluster_known_nodes:2"));
        }
        RedisStateConfig config = new RedisStateConfig(
                null,
                null,
                List.of(RedisUrl.parse(first.url())),
                null,
                null,
                null,
                new Secret(RedisBench.KEY),
                TIMEOUT,
                WhenDown.LOCAL_SHARE,
                1,
                "sallyport");
        RedisState state = bench.state(config, RedisState.Bounds.USUAL);
        worksFully(state);
        for (int i = 0; i < 20; i++) {
            assertThat(RedisBench.orNull(state.mark("space" + i, "o", "k", HOUR)))
                    .isEqualTo(Mark.FRESH);
            assertThat(RedisBench.orNull(state.mark("space" + i, "o", "k", HOUR)))
                    .isEqualTo(Mark.SEEN);
        }
        counts(state, 8);
        refusesTogether(state);
        assertThat(first.command("KEYS", "*")).contains("sallyport:");
        assertThat(second.command("KEYS", "*")).contains("sallyport:");
        var since = state.completeSince();
        second.restart();
        Eventually.until("the restart is noticed", () -> state.completeSince().isAfter(since));
        Eventually.until("all spaces work again", () -> {
            for (int i = 0; i < 20; i++) {
                if (RedisBench.orNull(state.mark("space" + i, "o", "again", HOUR)) == null) {
                    return false;
                }
            }
            return true;
        });
    }

    /// Keys at several servers: what one took goes back when another refuses.
    private static void refusesTogether(RedisState state) {
        CounterStore store = state.counterStore();
        List<Ask> all = new ArrayList<>();
        for (long high = 1; high <= 8; high++) {
            CounterStore.Key key = new CounterStore.Key("together", high << 40, high);
            all.add(new Ask.Time(
                    key, false, 1_000_000_000_000L, (high == 5 ? 1 : 9) * 1_000_000_000_000L, 0, Debt.NONE));
        }
        for (int i = 0; i < 4; i++) {
            boolean first = i == 0;
            List<Answer> answers = RedisBench.orNull(store.take(all));
            assertThat(answers).hasSize(8).element(4).matches(answer -> answer.allowed() == first);
        }
        Eventually.until("the others have nine less one", () -> {
            List<Answer> answers = RedisBench.orNull(store.take(all.stream()
                    .map(ask -> (Ask) new Ask.Time(ask.key(), true, 0, 9_000_000_000_000L, 0, Debt.NONE))
                    .toList()));
            return answers != null && answers.stream().allMatch(answer -> answer.used() <= 1_000_000_000_000L);
        });
    }

    private RedisServer cluster() {
        RedisServer server = RedisServer.start(
                RedisServer.freePortWithBus(),
                "--cluster-enabled",
                "yes",
                "--cluster-config-file",
                folder.resolve("nodes" + servers.size()).toString(),
                "--cluster-node-timeout",
                "1000",
                "--appendonly",
                "no");
        servers.add(server);
        return server;
    }

    private static String[] slots(int from, int to) {
        List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        for (int i = from; i <= to; i++) {
            words.add(Integer.toString(i));
        }
        return words.toArray(String[]::new);
    }
}
