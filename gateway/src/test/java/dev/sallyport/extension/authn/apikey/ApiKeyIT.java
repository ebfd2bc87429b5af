package dev.sallyport.extension.authn.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.extension.authn.apikey.key.KeyFile;
import dev.sallyport.extension.authn.apikey.key.KeyForm;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.KeyRing;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// API keys through the real gateway.
class ApiKeyIT {
    private static final Pepper PEPPER = new Pepper("0123456789abcdef0123456789abcdef");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private @Nullable TestGateway started;
    private KeyRing keys = new KeyRing(new KeyFile(Path.of("none")), InstantSource.system());

    @BeforeEach
    void start() throws StoreException {
        upstream.answerByDefault();
        KeyFile file = new KeyFile(folder.resolve("keys.yaml"));
        file.init();
        new KeyFile(folder.resolve("other.yaml")).init();
        keys = new KeyRing(file, InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        if (started != null) {
            started.close();
        }
        upstream.close();
    }

    private TestGateway gateway() {
        TestGateway running = started;
        if (running == null) {
            running = TestGateway.start(yaml());
            started = running;
        }
        return running;
    }

    private String yaml() {
        return """
                version: 1
                listeners:
                  public: { bind: 127.0.0.1:0 }
                upstreams:
                  app: { endpoints: ["http://127.0.0.1:%1$d"] }
                authenticators:
                  partners:
                    kind: api-key
                    keys: %2$s/keys.yaml
                    pepper: ${env:PEPPER:-0123456789abcdef0123456789abcdef}
                  queries:
                    kind: api-key
                    from: { header: X-Partner-Key, query: api_key }
                    keys: { file: %2$s/keys.yaml }
                    pepper: ${env:PEPPER:-0123456789abcdef0123456789abcdef}
                  others:
                    kind: api-key
                    keys: %2$s/other.yaml
                    pepper: ${env:PEPPER:-0123456789abcdef0123456789abcdef}
                routes:
                  partners: { match: { path: /p }, access: { authenticate: [partners] }, upstream: app }
                  queries: { match: { path: "/q/**" }, access: { authenticate: [queries] }, upstream: app }
                  moved:
                    match: { path: "/moved/**" }
                    access: { authenticate: [queries] }
                    upstream: app
                    rewrite: { path: "/new/**" }
                  redirected:
                    match: { path: "/old/**" }
                    access: { authenticate: [queries] }
                    redirect: { path: "/new/**" }
                  others: { match: { path: /o }, access: { authenticate: [others] }, upstream: app }
                  passing: { match: { path: /pass }, access: { authenticate: [queries], pass-credential: true }, upstream: app }
                  open: { match: { path: /open }, access: public, upstream: app }
                """.formatted(upstream.port(), folder);
    }

    private static KeyRecord.Term until(@Nullable Instant expires, String... addresses) {
        return new KeyRecord.Term(
                Instant.now(),
                expires,
                false,
                List.of(addresses).stream().map(AddressRange::parse).toList(),
                null,
                null);
    }

    private KeyRing.Issued issue(KeyRecord.Term term) throws StoreException {
        return keys.create(PEPPER, new Holder("acme", "a", List.of("partner"), Claims.NONE), term);
    }

    private String key() throws StoreException {
        return issue(until(null)).key();
    }

    private Response get(String target, String... fields) {
        try (RawClient client = RawClient.connect(gateway().port())) {
            return client.exchange(request(target, fields));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int status(RawClient client, String key) {
        try {
            return client.exchange(request("/p", field(key))).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String request(String target, String... fields) {
        StringBuilder octets = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: gateway.test\r\n");
        for (String field : fields) {
            octets.append(field).append("\r\n");
        }
        return octets.append("\r\n").toString();
    }

    private static String field(String key) {
        return "X-Api-Key: " + key;
    }

    @Test
    void aKeyLetsItsOwnerInAndStaysAtTheGateway() throws Exception {
        String key = key();
        try (RawClient client = RawClient.connect(gateway().port())) {
            assertThat(client.exchange(request("/p?a=1", field(key))).status()).isEqualTo(200);
            LogLine line = gateway().awaitLogOf(client);
            assertThat(line.field("user.id")).isEqualTo("acme");
        }
        Request arrived = upstream.lastRequest();
        assertThat(arrived.target()).isEqualTo("/p?a=1");
        assertThat(arrived.names()).doesNotContain("x-api-key");
        assertThat(arrived.toString()).doesNotContain(key);
    }

    @Test
    void withoutAKeyTheCallerIsToldWhereToPutOne() throws Exception {
        Response refused = get("/p");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.code()).isEqualTo("credential-missing");
        assertThat(refused.value("www-authenticate")).isEqualTo("ApiKey in=\"header\", name=\"X-Api-Key\"");
    }

    @Test
    void AK_03_aKeyInTheQueryIsNoneUnlessAskedFor() throws Exception {
        String key = key();
        assertThat(get("/p?X-Api-Key=" + key + "&api_key=" + key).code()).isEqualTo("credential-missing");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void AK_03_aKeyInTheQueryStaysOutOfLogAndUpstream() throws Exception {
        String key = key();
        try (RawClient client = RawClient.connect(gateway().port())) {
            assertThat(client.exchange(request("/q/x?a=1&api%5Fkey=" + key + "&b=2"))
                            .status())
                    .isEqualTo(200);
            LogLine line = gateway().awaitLogOf(client);
            assertThat(line.field("url.query")).isEqualTo("a=1&api%5Fkey=[redacted]&b=2");
            assertThat(upstream.lastRequest().target()).isEqualTo("/q/x?a=1&b=2");

            assertThat(client.exchange(request("/q/x?api_key=" + key)).status()).isEqualTo(200);
            assertThat(upstream.lastRequest().target()).isEqualTo("/q/x");

            assertThat(client.exchange(request("/moved/x?api_key=" + key + "&c=3"))
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.lastRequest().target()).isEqualTo("/new/x?c=3");

            Response moved = client.exchange(request("/old/x?api_key=" + key + "&c=3"));
            assertThat(moved.value("location")).endsWith("/new/x?c=3");

            assertThat(client.exchange(request("/open?api_key=" + key)).status())
                    .isEqualTo(200);
            gateway().awaitLogOf(client, 5);
        }
        assertThat(gateway().logText()).doesNotContain(key).doesNotContain(key.substring(16, 40));
    }

    @Test
    void AK_03_aCustomParameterIsRedactedToo() throws Exception {
        String key = key();
        started = TestGateway.start(yaml().replace("query: api_key", "query: partner"));
        try (RawClient client = RawClient.connect(gateway().port())) {
            assertThat(client.exchange(request("/q/x?partner=" + key)).status()).isEqualTo(200);
            assertThat(gateway().awaitLogOf(client).field("url.query")).isEqualTo("partner=[redacted]");
        }
    }

    @Test
    void AK_03_severalKeysAreRefused() throws Exception {
        String key = key();
        String partner = "X-Partner-Key: " + key;
        for (Response refused : List.of(
                get("/q/x?api_key=" + key, partner),
                get("/q/x?api_key=" + key + "&api_key=" + key),
                get("/q/x?api_key=" + key + "&%61pi_key="),
                get("/q/x", partner, partner),
                get("/q/x", partner, "x-partner-key: "))) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("api-key-repeated");
        }
        assertThat(get("/p", field(key), field(key)).status()).isEqualTo(400);
        assertThat(get("/p", field(key + ", " + key)).status()).isEqualTo(401);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void AK_03_isPassedOnOnlyWhereTheRouteSaysSo() throws Exception {
        String key = key();
        assertThat(get("/pass?api_key=" + key).status()).isEqualTo(200);
        assertThat(upstream.lastRequest().target()).isEqualTo("/pass?api_key=" + key);
        assertThat(get("/pass", "X-Partner-Key: " + key).status()).isEqualTo(200);
        assertThat(upstream.lastRequest().value("x-partner-key")).isEqualTo(key);
    }

    @Test
    void AK_04_aKeyIsGoodForItsOwnAuthenticatorOnly() throws Exception {
        String key = key();
        assertThat(get("/o", field(key)).status()).isEqualTo(401);
        assertThat(get("/p", field(key)).status()).isEqualTo(200);
    }

    @Test
    void AK_04_expiredForeignReplacedAndRevokedKeysAreRefused() throws Exception {
        KeyRing.Issued rotated = issue(until(null));
        keys.rotate(PEPPER, rotated.stored().id(), Duration.ZERO);
        KeyRing.Issued revoked = issue(until(null));
        keys.revoke(revoked.stored().id());
        assertThat(get("/p", field(issue(until(Instant.now().minusSeconds(1))).key()))
                        .status())
                .isEqualTo(401);
        assertThat(get("/p", field(rotated.key())).status()).isEqualTo(401);
        assertThat(get("/p", field(revoked.key())).status()).isEqualTo(401);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void AK_04_addressesOfAKeyHold() throws Exception {
        String elsewhere = issue(until(null, "10.0.0.0/8", "::1")).key();
        String here = issue(until(null, "127.0.0.0/8")).key();
        assertThat(get("/p", field(elsewhere)).status()).isEqualTo(401);
        assertThat(get("/p", field(here)).status()).isEqualTo(200);
    }

    @Test
    void AK_04_changesAreInUseWithinTwoSecondsAndLoseNoRequest() throws Exception {
        String steady = key();
        KeyRing.Issued leaving = issue(until(null));
        assertThat(get("/p", field(leaving.key())).status()).isEqualTo(200);
        List<Long> millis = new ArrayList<>();
        try (RawClient client = RawClient.connect(gateway().port())) {
            for (int i = 0; i < 3; i++) {
                String coming = key();
                long at = System.nanoTime();
                Eventually.until("a new key", () -> {
                    assertThat(status(client, steady)).isEqualTo(200);
                    return status(client, coming) == 200;
                });
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at));
            }
            keys.revoke(leaving.stored().id());
            long at = System.nanoTime();
            Eventually.until("the revocation", () -> {
                assertThat(status(client, steady)).isEqualTo(200);
                return status(client, leaving.key()) == 401;
            });
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at));
        }
        assertThat(millis).allMatch(took -> took < 2000);
    }

    @Test
    void aBrokenFileLeavesTheLastGoodKeysInUse() throws Exception {
        String key = key();
        assertThat(get("/p", field(key)).status()).isEqualTo(200);
        Path file = folder.resolve("keys.yaml");
        String good = Files.readString(file);
        Files.writeString(file, good.replace("hash:", "hush:"));
        Eventually.until("the failure", () -> gateway().events().contains("event=credential_store.failed"));
        assertThat(get("/p", field(key)).status()).isEqualTo(200);
        assertThat(gateway().metric("sallyport_credential_store_failures_total", "\"partners\""))
                .isPositive();
        assertThat(gateway().metric("sallyport_credential_store_entries", "\"partners\""))
                .isEqualTo(1);

        Files.delete(file);
        Eventually.until("another failure", () -> gateway().events().contains("there is no such file"));
        assertThat(get("/p", field(key)).status()).isEqualTo(200);

        Files.writeString(file, good.replace("owner: acme", "owner: acme\n    disabled: true"));
        Eventually.until("the mended file", () -> get("/p", field(key)).status() == 401);
        assertThat(gateway().events()).contains("event=credential_store.loaded");
    }

    @Test
    void AK_02_AK_05_startsNeitherWithoutAFileNorWithTheWrongPepper() throws Exception {
        key();
        assertThatThrownBy(() -> TestGateway.start(yaml().replace("keys.yaml", "none.yaml")))
                .hasMessageContaining("none.yaml: there is no such file");
        assertThatThrownBy(() -> TestGateway.start(yaml().replace("PEPPER:-0", "PEPPER:-x")))
                .hasMessageContaining("made with another pepper");
        Files.writeString(folder.resolve("keys.yaml"), "version: 2");
        assertThatThrownBy(() -> TestGateway.start(yaml())).hasMessageContaining("keys.yaml");
    }

    @Test
    void AK_05_noKeyIsShipped() throws Exception {
        for (String guess :
                List.of(KeyForm.make(new SecureRandom()), "admin", "edd1c9f034335f136f87ad84b625c8f1", "")) {
            assertThat(get("/p", field(guess)).status()).isEqualTo(401);
        }
        assertThat(gateway().metric("sallyport_credential_store_entries", "\"partners\""))
                .isZero();
    }

    @Test
    void AK_06_everyFailureHasItsReasonInTheLog() throws Exception {
        String good = key();
        String expired = issue(until(Instant.now().minusSeconds(1))).key();
        KeyRing.Issued revoked = issue(until(null));
        keys.revoke(revoked.stored().id());
        String elsewhere = issue(until(null, "10.0.0.0/8")).key();
        List<String> shown =
                List.of(good, KeyForm.make(new SecureRandom()), good + "x", expired, revoked.key(), elsewhere);
        try (RawClient client = RawClient.connect(gateway().port())) {
            for (String key : shown) {
                client.exchange(request("/p", field(key)));
            }
            assertThat(gateway().awaitLogOf(client, shown.size()))
                    .extracting(line -> line.fields().getOrDefault("gateway.reason", ""))
                    .containsExactly(
                            "",
                            "api-key-unknown",
                            "api-key-malformed",
                            "api-key-expired",
                            "api-key-disabled",
                            "api-key-address");
        }
    }

    @Test
    void AK_07_whateverIsWrongTheAnswerIsTheSame() throws Exception {
        String expired = issue(until(Instant.now().minus(DAY))).key();
        KeyRing.Issued revoked = issue(until(null));
        keys.revoke(revoked.stored().id());
        String elsewhere = issue(until(null, "10.0.0.0/8")).key();
        List<String> shown = List.of(KeyForm.make(new SecureRandom()), "nonsense", expired, revoked.key(), elsewhere);
        List<String> answers = new ArrayList<>();
        for (String key : shown) {
            Response refused = get("/p", field(key));
            assertThat(refused.value("www-authenticate")).startsWith("ApiKey ");
            answers.add(refused.status() + " " + refused.names() + " "
                    + refused.body().replaceAll("urn:sallyport:request:[0-9a-f]+", "ID"));
        }
        assertThat(answers).containsOnly(answers.getFirst());
        assertThat(answers.getFirst()).startsWith("401 ").contains("\"reason\":\"api-key-invalid\"");
    }
}
