package dev.sallyport.extension.authn.apikey.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.TestGateway;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// API keys in a real PostgreSQL.
class PostgresKeysIT {
    private static @Nullable EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("unix_socket_directories", "/tmp")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        database().close();
    }

    private static EmbeddedPostgres database() {
        return Objects.requireNonNull(postgres, "started");
    }

    private static String url() {
        return "postgresql://127.0.0.1:" + database().getPort() + "/postgres";
    }

    private static PostgresKeys keys() {
        return new PostgresKeys(url(), "postgres", null);
    }

    private static KeyRing ring(KeyStore store) {
        return new KeyRing(store, InstantSource.system());
    }

    @BeforeEach
    void reset() throws Exception {
        sql("drop table if exists sallyport_api_key, sallyport_api_key_revision");
        try (PostgresKeys keys = keys()) {
            assertThat(keys.init()).isTrue();
            assertThat(keys.init()).isFalse();
        }
    }

    private static void sql(String text) throws SQLException {
        try (Connection connection = database().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private static KeyRing.Issued create(KeyStore store) throws StoreException {
        return ring(store).create(KeyFileTest.PEPPER, KeyFileTest.acme(), KeyFileTest.term());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        try (PostgresKeys keys = keys()) {
            KeyRecord full = create(keys).stored();
            KeyRecord bare = ring(keys)
                    .create(
                            KeyFileTest.PEPPER,
                            new Holder("bare", null, List.of(), Claims.NONE),
                            new KeyRecord.Term(KeyFileTest.NOW, null, false, List.of(), null, null))
                    .stored();
            assertThat(keys.all()).containsOnly(Map.entry(full.id(), full), Map.entry(bare.id(), bare));
        }
    }

    @Test
    void onlyChangesAreRead() throws Exception {
        try (PostgresKeys reader = keys();
                PostgresKeys writer = keys()) {
            assertThat(reader.poll()).isEmpty();
            assertThat(reader.poll()).isNull();
            KeyRecord one = create(writer).stored();
            KeyRecord two = create(writer).stored();
            assertThat(reader.poll()).containsOnlyKeys(one.id(), two.id());
            assertThat(reader.poll()).isNull();

            ring(writer).revoke(one.id());
            assertThat(Objects.requireNonNull(reader.poll()).get(one.id()))
                    .satisfies(key -> assertThat(key.term().disabled()).isTrue());

            KeyRing.Issued three = ring(writer).rotate(KeyFileTest.PEPPER, two.id(), Duration.ofHours(1));
            assertThat(reader.poll())
                    .containsOnlyKeys(one.id(), two.id(), three.stored().id());
        }
    }

    @Test
    void changesByPlainSqlCount() throws Exception {
        try (PostgresKeys keys = keys()) {
            String one = create(keys).stored().id();
            String two = create(keys).stored().id();
            keys.poll();
            sql("update sallyport_api_key set disabled = true where id = '" + one + "'");
            assertThat(Objects.requireNonNull(keys.poll()).get(one))
                    .satisfies(key -> assertThat(key.term().disabled()).isTrue());
            sql("delete from sallyport_api_key where id = '" + one + "'");
            assertThat(keys.poll()).containsOnlyKeys(two);
            sql("update sallyport_api_key set id = 'AAAAAAAAAAAA' where id = '" + two + "'");
            assertThat(keys.poll()).containsOnlyKeys("AAAAAAAAAAAA");
            sql("truncate sallyport_api_key");
            assertThat(keys.poll()).isEmpty();
            assertThatThrownBy(() -> sql("insert into sallyport_api_key (id, owner, hash, pepper, created)"
                            + " values ('AAAAAAAAAAAA', 'x', 'nonsense', 'x', now())"))
                    .hasMessageContaining("violates check constraint");
        }
    }

    @Test
    void writersAtTheSameMomentLoseNothing() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> made = IntStream.range(0, 12)
                    .mapToObj(i -> threads.submit(() -> {
                        try (PostgresKeys own = keys()) {
                            return create(own).stored().id();
                        }
                    }))
                    .toList();
            for (Future<String> one : made) {
                one.get(30, TimeUnit.SECONDS);
            }
        }
        try (PostgresKeys keys = keys()) {
            assertThat(keys.all()).hasSize(12);
        }
    }

    @Test
    void saysThatThereAreNoTables() throws Exception {
        sql("drop table sallyport_api_key, sallyport_api_key_revision");
        try (PostgresKeys keys = keys()) {
            assertThatThrownBy(keys::poll).hasMessageContaining("sallyport key init");
            keys.init();
            assertThat(keys.poll()).isEmpty();
        }
    }

    @Test
    void AK_04_revocationReachesTheGatewayAndAnUnreachableDatabaseEndsInRefusal() throws Exception {
        EmbeddedPostgres own = EmbeddedPostgres.builder()
                .setServerConfig("unix_socket_directories", "/tmp")
                .start();
        try (RecordingUpstream upstream = RecordingUpstream.start();
                PostgresKeys keys =
                        new PostgresKeys("postgresql://127.0.0.1:" + own.getPort() + "/postgres", "postgres", null)) {
            upstream.answerByDefault();
            keys.init();
            KeyRing.Issued staying = ring(keys).create(KeyFileTest.PEPPER, anyone(), anywhere());
            KeyRing.Issued leaving = ring(keys).create(KeyFileTest.PEPPER, anyone(), anywhere());
            try (TestGateway gateway = TestGateway.start("""
                    version: 1
                    listeners:
                      public: { bind: 127.0.0.1:0 }
                    upstreams:
                      app: { endpoints: ["http://127.0.0.1:%d"] }
                    authenticators:
                      partners:
                        kind: api-key
                        pepper: "${env:PEPPER:-0123456789abcdef0123456789abcdef}"
                        keys:
                          postgres:
                            url: postgresql://127.0.0.1:%d/postgres
                            user: postgres
                            check-every: 200ms
                            stale-after: 2s
                    routes:
                      all: { match: { path: "/**" }, access: { authenticate: [partners] }, upstream: app }
                    """.formatted(upstream.port(), own.getPort()))) {
                assertThat(status(gateway, staying)).isEqualTo(200);
                assertThat(status(gateway, leaving)).isEqualTo(200);

                ring(keys).revoke(leaving.stored().id());
                long at = System.nanoTime();
                Eventually.until("the revocation", () -> status(gateway, leaving) == 401);
                assertThat(Duration.ofNanos(System.nanoTime() - at)).isLessThan(Duration.ofSeconds(2));

                own.close();
                assertThat(status(gateway, staying)).isEqualTo(200);
                Eventually.until("the limit of staleness", () -> status(gateway, staying) == 503);
                assertThat(gateway.events()).contains("event=credential_store.failed");
            }
        } finally {
            own.close();
        }
    }

    private static Holder anyone() {
        return new Holder("acme", null, List.of(), Claims.NONE);
    }

    private static KeyRecord.Term anywhere() {
        return new KeyRecord.Term(KeyFileTest.NOW, null, false, List.of(), null, null);
    }

    private static int status(TestGateway gateway, KeyRing.Issued key) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange("GET / HTTP/1.1\r\nHost: gateway.test\r\nX-Api-Key: " + key.key() + "\r\n\r\n")
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
