package dev.sallyport.extension.authn.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authn.server.ClientConfig;
import dev.sallyport.extension.authn.server.LimitsConfig;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.FormServer;
import dev.sallyport.testing.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenExchangeTest {
    private static final String TOKEN = "callers-own-token";
    private static final String TYPE = "urn:ietf:params:oauth:token-type:access_token";
    private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");

    private final FormServer server = FormServer.answering(form -> issued("made-for-billing", ",\"expires_in\":60"));
    private final FakeServices services = new FakeServices();
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void setTheClock() {
        services.at(NOW);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static FormServer.Reply issued(String token, String more) {
        return FormServer.Reply.json("{\"access_token\":\"" + token + "\",\"issued_token_type\":\"" + TYPE
                + "\",\"token_type\":\"Bearer\"" + more + "}");
    }

    private Policy policy() throws PluginException {
        ExchangeConfig config = new ExchangeConfig(
                server.url("/token"),
                new ClientConfig("gateway", new Secret("s3cret"), null, null, null, ClientConfig.Method.BASIC),
                null,
                "billing",
                null,
                "read write",
                Duration.ofMinutes(5),
                1000,
                new LimitsConfig(Duration.ofSeconds(5), 64, 8, 5, Duration.ofSeconds(5)));
        return new TokenExchangeFactory(EventLog.SILENT, nanos::get)
                .create(config, new PluginContext("billing", 1, services))
                .policies()
                .getFirst();
    }

    private static Exchange from(@Nullable String kind, String token, long expires) {
        Exchange exchange =
                Exchanges.request().header("Authorization", "Bearer " + token).exchange();
        if (kind != null) {
            Credential credential = new Credential(kind, null, null, null, null, 0, expires);
            exchange.admitted("authenticated", new Principal("ada", "staff", null, Set.of(), Claims.NONE, credential));
        }
        return exchange;
    }

    private static Exchange from(String kind) {
        return from(kind, TOKEN, Credential.NEVER);
    }

    /// What the upstream gets in `Authorization`; the client's own is asserted to be removed.
    private static List<String> forwarded(Exchange exchange) {
        HeaderEdits edits = exchange.requestEdits();
        assertThat(edits.removes(exchange.request().headers(), 0)).isTrue();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < edits.additions(); i++) {
            assertThat(edits.name(i)).isEqualTo("authorization");
            values.add(edits.value(i));
        }
        return values;
    }

    @Test
    void OA_16_forwardsATokenMadeForTheUpstream() throws PluginException {
        Exchange exchange = from("jwt");
        assertThat(Settled.of(policy().decide(exchange))).isEqualTo(Decision.PROCEED);
        assertThat(forwarded(exchange)).containsExactly("Bearer made-for-billing");
        assertThat(Objects.requireNonNull(server.lastForm()).fields())
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("subject_token", TOKEN)
                .containsEntry("subject_token_type", TYPE)
                .containsEntry("requested_token_type", TYPE)
                .containsEntry("audience", "billing")
                .containsEntry("scope", "read write")
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"access_token\":\"callers-own-token\",\"issued_token_type\":\"" + TYPE
                        + "\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"x y\",\"issued_token_type\":\"" + TYPE + "\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a\\r\\nX-Role: root\",\"issued_token_type\":\"" + TYPE
                        + "\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":7,\"issued_token_type\":\"" + TYPE + "\",\"token_type\":\"Bearer\"}",
                "{\"issued_token_type\":\"" + TYPE + "\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"other\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"other\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:refresh_token\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"other\",\"issued_token_type\":\"" + TYPE + "\",\"token_type\":\"DPoP\"}",
                "{\"access_token\":\"other\",\"issued_token_type\":\"" + TYPE + "\"}",
                "{\"access_token\":\"other\",\"issued_token_type\":\"" + TYPE
                        + "\",\"token_type\":\"Bearer\",\"expires_in\":\"60\"}",
                "not json",
            })
    void OA_12_whateverIsIssuedWronglyTheCallersTokenStaysHere(String body) throws PluginException {
        server.answer(form -> FormServer.Reply.json(body));
        Exchange exchange = from("jwt");
        assertThat(Settled.refusal(Settled.of(policy().decide(exchange))).status())
                .isEqualTo(503);
        assertThat(forwarded(exchange)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500, 302})
    void OA_12_aServerThatFailsIs503(int status) throws PluginException {
        server.answer(form -> new FormServer.Reply(status, "application/json", "{\"error\":\"invalid_client\"}"));
        Exchange exchange = from("jwt");
        assertThat(Settled.refusal(Settled.of(policy().decide(exchange))).status())
                .isEqualTo(503);
        assertThat(forwarded(exchange)).isEmpty();
    }

    @Test
    void aTokenThatIsNotExchangedIs502AndNotAskedAboutAgainAtOnce() throws PluginException {
        server.answer(form -> new FormServer.Reply(400, "application/json", "{\"error\":\"invalid_target\"}"));
        Policy policy = policy();
        for (int i = 0; i < 10; i++) {
            Exchange exchange = from("jwt");
            assertThat(Settled.refusal(Settled.of(policy.decide(exchange))).status())
                    .isEqualTo(502);
            assertThat(forwarded(exchange)).isEmpty();
        }
        assertThat(server.forms()).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        server.answer(form -> issued("made-for-billing", ""));
        assertThat(Settled.of(policy.decide(from("jwt")))).isEqualTo(Decision.PROCEED);
    }

    @Test
    void the400OfTheGatewaysOwnFaultIs503() throws PluginException {
        server.answer(form -> new FormServer.Reply(400, "application/json", "{\"error\":\"unauthorized_client\"}"));
        assertThat(Settled.refusal(Settled.of(policy().decide(from("jwt")))).status())
                .isEqualTo(503);
    }

    @Test
    void forwardsNothingForAnonymousCallers() throws PluginException {
        Exchange exchange = from(null, TOKEN, 0);
        assertThat(policy().decide(exchange)).isEqualTo(Decision.PROCEED);
        assertThat(forwarded(exchange)).isEmpty();
        assertThat(server.forms()).isEmpty();
    }

    @Test
    void OA_16_aTokenThatProvedNobodyIsNotExchanged() throws PluginException {
        Exchange exchange = from("api-key");
        assertThat(Settled.refusal(policy().decide(exchange)).status()).isEqualTo(403);
        assertThat(forwarded(exchange)).isEmpty();
        assertThat(server.forms()).isEmpty();
    }

    @Test
    void remembersATokenUntilShortlyBeforeItsEnd() throws PluginException {
        Policy policy = policy();
        Settled.of(policy.decide(from("introspection")));
        nanos.addAndGet(Duration.ofSeconds(55).toNanos() - 1);
        Exchange again = from("introspection");
        assertThat(policy.decide(again)).isEqualTo(Decision.PROCEED);
        assertThat(forwarded(again)).containsExactly("Bearer made-for-billing");
        assertThat(server.forms()).hasSize(1);
        nanos.addAndGet(1);
        Settled.of(policy.decide(from("introspection")));
        assertThat(server.forms()).hasSize(2);
    }

    @Test
    void remembersNothingBeyondTheEndOfTheCallersToken() throws PluginException {
        Policy policy = policy();
        long expires = NOW.getEpochSecond() + 10;
        Settled.of(policy.decide(from("jwt", TOKEN, expires)));
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        Settled.of(policy.decide(from("jwt", TOKEN, expires)));
        assertThat(server.forms()).hasSize(2);
    }

    @Test
    void OA_16_neverGivesOneCallerTheTokenOfAnother() throws PluginException {
        server.answer(form -> issued("for-" + form.field("subject_token"), ""));
        Policy policy = policy();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 50; i++) {
                Exchange exchange = from("jwt", "token-of-" + i, Credential.NEVER);
                assertThat(Settled.of(policy.decide(exchange))).isEqualTo(Decision.PROCEED);
                assertThat(forwarded(exchange)).containsExactly("Bearer for-token-of-" + i);
            }
        }
    }

    @Test
    void manyRequestsWithOneTokenAreOneQuestion() throws PluginException {
        server.hold();
        Policy policy = policy();
        List<Decision> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(policy.decide(from("jwt")));
        }
        server.release();
        assertThat(waiting).allSatisfy(one -> assertThat(Settled.of(one)).isEqualTo(Decision.PROCEED));
        assertThat(server.forms()).hasSize(1);
    }

    @Test
    void statesHowItGoes() throws PluginException {
        Policy policy = policy();
        Settled.of(policy.decide(from("jwt")));
        Settled.of(policy.decide(from("jwt")));
        server.answer(form -> new FormServer.Reply(400, "application/json", "{\"error\":\"invalid_target\"}"));
        Settled.of(policy.decide(from("jwt", "another-token", Credential.NEVER)));
        server.answer(form -> new FormServer.Reply(500, "text/plain", "no"));
        Settled.of(policy.decide(from("jwt", "a-third-token", Credential.NEVER)));
        Map<String, Double> values = new HashMap<>();
        Map<String, Long> durations = new HashMap<>();
        ((MetricSource) policy).collect(new MetricSink() {
            @Override
            public void value(Metric metric, double value, String... labels) {
                values.put(metric.name() + " " + String.join(" ", labels), value);
            }

            @Override
            public void histogram(Metric metric, double[] bounds, long[] counts, double sum, String... labels) {
                durations.put(
                        metric.name() + " " + String.join(" ", labels),
                        Arrays.stream(counts).sum());
            }
        });
        assertThat(values)
                .containsEntry("sallyport.token_exchange.tokens billing remembered", 1.0)
                .containsEntry("sallyport.token_exchange.tokens billing asked", 3.0)
                .containsEntry("sallyport.token_exchange.answers billing issued", 1.0)
                .containsEntry("sallyport.token_exchange.answers billing denied", 1.0)
                .containsEntry("sallyport.token_exchange.answers billing failed", 1.0)
                .containsEntry("sallyport.token_exchange.paused billing", 0.0);
        assertThat(durations).containsEntry("sallyport.token_exchange.duration billing", 3L);
    }

    @Test
    void wantsToKnowWhatToAskFor() {
        assertThatThrownBy(() -> new ExchangeConfig(
                        "https://id.example.com/token",
                        new ClientConfig("gateway", new Secret("s3cret"), null, null, null, ClientConfig.Method.BASIC),
                        null,
                        null,
                        null,
                        null,
                        Duration.ofMinutes(5),
                        1000,
                        new LimitsConfig(Duration.ofSeconds(5), 64, 8, 5, Duration.ofSeconds(5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("audience: missing");
    }
}
