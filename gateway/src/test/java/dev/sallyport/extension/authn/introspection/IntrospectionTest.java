package dev.sallyport.extension.authn.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.extension.authn.server.ClientConfig;
import dev.sallyport.extension.authn.server.LimitsConfig;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.FormServer;
import dev.sallyport.testing.Settled;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntrospectionTest {
    private static final String TOKEN = "opaque-0123456789";
    private static final String ACTIVE = "{\"active\":true,\"sub\":\"ada\"}";
    private static final DpopRules PLAIN =
            new DpopRules(Duration.ofSeconds(60), Duration.ofSeconds(10), DpopRules.Nonce.OFF, List.of("ES256"));
    private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");

    private final FormServer server = FormServer.answering(form -> FormServer.Reply.json(ACTIVE));
    private final FakeServices services = new FakeServices();
    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<Authenticator> made = new ArrayList<>();

    @BeforeEach
    void setTheClock() {
        services.at(NOW);
    }

    @AfterEach
    void close() {
        made.forEach(one -> ((LongLived) one).close());
        server.close();
    }

    // ---- making and asking

    private static LimitsConfig limits(int inFlight, int perNetwork, int failures) {
        return new LimitsConfig(Duration.ofSeconds(5), inFlight, perNetwork, failures, Duration.ofSeconds(5));
    }

    private Authenticator make(
            @Nullable String issuer,
            @Nullable String audience,
            ClientConfig.Method method,
            LimitsConfig limits,
            String path)
            throws PluginException {
        IntrospectionConfig config = new IntrospectionConfig(
                server.url(path),
                new ClientConfig("gate way", new Secret("s3cret:+"), null, null, null, method),
                null,
                new IntrospectionConfig.Cache(Duration.ofSeconds(30), Duration.ofSeconds(5), 1000),
                new IntrospectionConfig.Token(null, 16, 4096),
                issuer,
                audience,
                Duration.ofSeconds(30),
                null,
                List.of(),
                PLAIN,
                new PrincipalConfig("sub", "roles", Map.of(), "tenant"),
                limits);
        return make(config);
    }

    private Authenticator make(IntrospectionConfig config) throws PluginException {
        EventLog events = new EventLog(log, EventLog.Format.LOGFMT);
        Authenticator one = new IntrospectionFactory(events, new VerificationPool(), nanos::get)
                .create(config, new PluginContext("legacy", 1, services));
        made.add(one);
        return one;
    }

    private Authenticator make() throws PluginException {
        return make(null, null, ClientConfig.Method.BASIC, limits(64, 8, 5), "/introspect");
    }

    private static Exchanges request(String authorization) {
        return Exchanges.request().header("Authorization", authorization);
    }

    private static Authentication ask(Authenticator authenticator, String token) {
        return Settled.of(authenticator.authenticate(request("Bearer " + token).exchange()));
    }

    private static Principal proven(Authentication found) {
        assertThat(found).isInstanceOf(Authentication.Proven.class);
        return ((Authentication.Proven) found).principal();
    }

    // ---- what a good answer means

    @Test
    void provesWhomTheServerNames() throws PluginException {
        server.answer(form -> FormServer.Reply.json("""
            {"active":true,"sub":"ada","iss":"https://id.example.com","jti":"t-1","client_id":"portal",
             "iat":1795579100,"exp":1795579260,"roles":["clerk"],"tenant":"acme","scope":"orders:read"}
            """));
        Principal ada = proven(ask(make(), TOKEN));
        assertThat(ada.id()).isEqualTo("ada");
        assertThat(ada.authenticator()).isEqualTo("legacy");
        assertThat(ada.tenant()).isEqualTo("acme");
        assertThat(ada.roles()).containsExactly("clerk");
        assertThat(ada.claims().text("scope")).isEqualTo("orders:read");
        assertThat(ada.credential().kind()).isEqualTo("introspection");
        assertThat(ada.credential().issuer()).isEqualTo("https://id.example.com");
        assertThat(ada.credential().id()).isEqualTo("t-1");
        assertThat(ada.credential().client()).isEqualTo("portal");
        assertThat(ada.credential().issuedAt()).isEqualTo(1_795_579_100L);
        assertThat(ada.credential().expiresAt()).isEqualTo(1_795_579_260L);
    }

    @Test
    void provesItselfInAuthorization() throws PluginException {
        ask(make(), TOKEN);
        FormServer.Form form = Objects.requireNonNull(server.lastForm());
        assertThat(form.fields()).containsOnlyKeys("token", "token_type_hint").containsEntry("token", TOKEN);
        String pair =
                Objects.requireNonNull(form.headers().get("Authorization")).substring("Basic ".length());
        assertThat(new String(Base64.getDecoder().decode(pair), StandardCharsets.UTF_8))
                .isEqualTo("gate+way:s3cret%3A%2B");
    }

    @Test
    void provesItselfInTheForm() throws PluginException {
        ask(make(null, null, ClientConfig.Method.POST, limits(64, 8, 5), "/introspect"), TOKEN);
        FormServer.Form form = Objects.requireNonNull(server.lastForm());
        assertThat(form.field("client_id")).isEqualTo("gate way");
        assertThat(form.field("client_secret")).isEqualTo("s3cret:+");
        assertThat(form.headers()).doesNotContainKey("Authorization");
    }

    @Test
    void leavesRequestsWithoutTokenToOthers() throws PluginException {
        Authenticator authenticator = make();
        assertThat(authenticator.authenticate(Exchanges.request().exchange())).isEqualTo(Authentication.NO_CREDENTIAL);
        assertThat(authenticator.authenticate(request("Basic YTpi").exchange()))
                .isEqualTo(Authentication.NO_CREDENTIAL);
        assertThat(authenticator.authenticate(request("Bearerish " + TOKEN).exchange()))
                .isEqualTo(Authentication.NO_CREDENTIAL);
        assertThat(authenticator.challenges()).containsExactly("Bearer");
        assertThat(server.forms()).isEmpty();
    }

    // ---- OA-13: answers that prove nothing

    @Test
    void OA_13_inactiveIs401() throws PluginException {
        server.answer(form -> FormServer.Reply.json("{\"active\":false}"));
        Refusal refusal = Settled.refusal(ask(make(), TOKEN));
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.headers().first("www-authenticate")).startsWith("Bearer error=\"invalid_token\"");
    }

    @Test
    void OA_13_inactiveIs401WhoeverItNames() throws PluginException {
        server.answer(form -> FormServer.Reply.json("{\"active\":false,\"sub\":\"ada\",\"roles\":[\"clerk\"]}"));
        assertThat(Settled.refusal(ask(make(), TOKEN)).code()).isEqualTo("token-inactive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"active\":\"true\",\"sub\":\"ada\"}",
                "{\"active\":1,\"sub\":\"ada\"}",
                "{\"active\":null,\"sub\":\"ada\"}",
                "{\"sub\":\"ada\"}",
                "{\"Active\":true,\"sub\":\"ada\"}",
                "{\"active\":false,\"active\":true,\"sub\":\"ada\"}",
                "[{\"active\":true,\"sub\":\"ada\"}]",
                "{\"active\":true,\"sub\":\"ada\"} {}",
                "{\"active\":true,\"sub\":\"ada\",\"exp\":1e400}",
                "true",
                "",
            })
    void OA_13_onlyTheTruthValueTrueCounts(String body) throws PluginException {
        server.answer(form -> FormServer.Reply.json(body));
        assertThat(Settled.refusal(ask(make(), TOKEN)).status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({
        "200,text/html",
        "401,application/json",
        "403,application/json",
        "500,application/json",
        "302,application/json",
        "205,application/json"
    })
    void OA_13_aBrokenServerIs503AndNot401(int status, String type) throws PluginException {
        server.answer(form -> new FormServer.Reply(status, type, ACTIVE));
        assertThat(Settled.refusal(ask(make(), TOKEN)).status()).isEqualTo(503);
    }

    @Test
    void OA_13_aHugeAnswerIs503() throws PluginException {
        String huge = "{\"active\":true,\"sub\":\"ada\",\"x\":\"" + "x".repeat(70_000) + "\"}";
        server.answer(form -> FormServer.Reply.json(huge));
        assertThat(Settled.refusal(ask(make(), TOKEN)).status()).isEqualTo(503);
    }

    @Test
    void OA_13_aSlowServerIs503() throws PluginException {
        server.hold();
        LimitsConfig limits = new LimitsConfig(Duration.ofMillis(100), 64, 8, 5, Duration.ofSeconds(5));
        Authenticator authenticator = make(null, null, ClientConfig.Method.BASIC, limits, "/introspect");
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"exp\":1795579200",
                "\"exp\":1795579199",
                "\"exp\":\"1795579300\"",
                "\"exp\":-1",
                "\"nbf\":1795579231",
                "\"iat\":1795579231",
                "\"cnf\":\"x\"",
                "\"cnf\":{}",
                "\"cnf\":{\"other\":\"x\"}",
                "\"cnf\":{\"jkt\":\"x\"}",
            })
    void OA_13_whatIsCalledActiveMustStandUpToOurOwnLook(String claim) throws PluginException {
        server.answer(form -> FormServer.Reply.json("{\"active\":true,\"sub\":\"ada\"," + claim + "}"));
        assertThat(Settled.refusal(ask(make(), TOKEN)).status()).isEqualTo(401);
    }

    @Test
    void takesClocksThatDifferALittle() throws PluginException {
        server.answer(form -> FormServer.Reply.json(
                "{\"active\":true,\"sub\":\"ada\",\"nbf\":1795579230,\"iat\":1795579230,\"exp\":1795579201}"));
        assertThat(proven(ask(make(), TOKEN)).id()).isEqualTo("ada");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"active\":true,\"sub\":\"ada\"}",
                "{\"active\":true,\"sub\":\"ada\",\"iss\":\"https://id.example.com\"}",
                "{\"active\":true,\"sub\":\"ada\",\"aud\":\"orders\"}",
                "{\"active\":true,\"sub\":\"ada\",\"iss\":\"https://id.example.com/\",\"aud\":\"orders\"}",
                "{\"active\":true,\"sub\":\"ada\",\"iss\":\"https://id.example.com\",\"aud\":[\"billing\"]}",
                "{\"active\":true,\"sub\":\"ada\",\"iss\":\"https://id.example.com\",\"aud\":\"orders billing\"}",
            })
    void OA_16_aTokenForAnotherAudienceOrOfAnotherIssuerIs401(String body) throws PluginException {
        server.answer(form -> FormServer.Reply.json(body));
        Authenticator authenticator =
                make("https://id.example.com", "orders", ClientConfig.Method.BASIC, limits(64, 8, 5), "/introspect");
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(401);
        server.answer(
                form -> FormServer.Reply.json(
                        "{\"active\":true,\"sub\":\"ada\",\"iss\":\"https://id.example.com\",\"aud\":[\"billing\",\"orders\"]}"));
        assertThat(proven(ask(authenticator, TOKEN + "-2")).id()).isEqualTo("ada");
    }

    @Test
    void JW_23_anAnswerThatNamesNobodyIs401() throws PluginException {
        server.answer(form -> FormServer.Reply.json("{\"active\":true,\"sub\":\"admin\\nX-Role: root\"}"));
        assertThat(Settled.refusal(ask(make(), TOKEN)).status()).isEqualTo(401);
        server.answer(form -> FormServer.Reply.json("{\"active\":true,\"username\":\"ada\"}"));
        assertThat(Settled.refusal(ask(make(), TOKEN + "-2")).status()).isEqualTo(401);
    }

    @Test
    void DP_10_theSchemeOfBoundTokensIsNotForOthers() throws PluginException {
        assertThat(Settled.refusal(Settled.of(
                                make().authenticate(request("DPoP " + TOKEN).exchange())))
                        .status())
                .isEqualTo(401);
    }

    // ---- remembering

    @Test
    void remembersWhatIsGood() throws PluginException {
        Authenticator authenticator = make();
        Principal first = proven(ask(authenticator, TOKEN));
        nanos.addAndGet(Duration.ofMillis(29_999).toNanos());
        assertThat(authenticator.authenticate(request("Bearer " + TOKEN).exchange()))
                .isInstanceOf(Authentication.Proven.class);
        assertThat(proven(ask(authenticator, TOKEN))).isSameAs(first);
        assertThat(server.forms()).hasSize(1);
    }

    @Test
    void OA_15_aRevokedTokenIsRefusedAfterThePositiveTimeCountedFromTheQuestion() throws PluginException {
        server.answer(form -> {
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            return FormServer.Reply.json(ACTIVE);
        });
        Authenticator authenticator = make();
        proven(ask(authenticator, TOKEN));
        server.answer(form -> FormServer.Reply.json("{\"active\":false}"));
        nanos.addAndGet(Duration.ofSeconds(20).toNanos() - 1);
        proven(ask(authenticator, TOKEN));
        nanos.addAndGet(1);
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(401);
    }

    @Test
    void OA_13_nothingIsRememberedBeyondExp() throws PluginException {
        server.answer(form -> FormServer.Reply.json("{\"active\":true,\"sub\":\"ada\",\"exp\":1795579205}"));
        Authenticator authenticator = make();
        proven(ask(authenticator, TOKEN));
        services.at(NOW.plusSeconds(4));
        proven(ask(authenticator, TOKEN));
        services.at(NOW.plusSeconds(5));
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).code()).isEqualTo("token-expired");
    }

    @Test
    void OA_14_remembersWhatIsBadForAShortTime() throws PluginException {
        server.answer(form -> FormServer.Reply.json("{\"active\":false}"));
        Authenticator authenticator = make();
        for (int i = 0; i < 20; i++) {
            assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(401);
        }
        assertThat(server.forms()).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        server.answer(form -> FormServer.Reply.json(ACTIVE));
        proven(ask(authenticator, TOKEN));
    }

    @Test
    void OA_13_failuresAreNotRemembered() throws PluginException {
        server.answer(form -> new FormServer.Reply(500, "text/plain", ""));
        Authenticator authenticator = make();
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(503);
        server.answer(form -> FormServer.Reply.json(ACTIVE));
        proven(ask(authenticator, TOKEN));
    }

    // ---- OA-14: floods

    @Test
    void OA_14_whatCannotBeATokenIsNotAskedAbout() throws PluginException {
        Authenticator authenticator = make();
        for (String token : List.of("short", "x".repeat(4097))) {
            Authentication found = ask(authenticator, token);
            assertThat(found).as("somebody else may know it").isInstanceOf(Authentication.Unclaimed.class);
            assertThat(Settled.refusal(found).status()).isEqualTo(401);
        }
        assertThat(server.forms()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "has space in the middle", "quote\"in-the-middle", "0123456789abcdéf", "===================="
            })
    void JW_22_whatIsNotOneTokenIsABadRequest(String token) throws PluginException {
        Refusal refusal = Settled.refusal(ask(make(), token));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.headers().first("www-authenticate")).startsWith("Bearer error=\"invalid_request\"");
        assertThat(server.forms()).isEmpty();
    }

    @Test
    void OA_14_manyRequestsWithOneTokenAreOneQuestion() throws PluginException {
        server.hold();
        Authenticator authenticator = make();
        List<Authentication> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(authenticator.authenticate(request("Bearer " + TOKEN).exchange()));
        }
        assertThat(waiting).allMatch(one -> one instanceof Authentication.Await);
        server.release();
        waiting.forEach(one -> proven(Settled.of(one)));
        assertThat(server.forms()).hasSize(1);
    }

    @Test
    void OA_14_whoeverShowsATokenThatIsAskedAboutWaitsAlthoughNoMoreMayBeAsked() throws PluginException {
        server.hold();
        Authenticator authenticator = make(null, null, ClientConfig.Method.BASIC, limits(1, 1, 5), "/introspect");
        Authentication first =
                authenticator.authenticate(request("Bearer " + TOKEN).exchange());
        Authentication second =
                authenticator.authenticate(request("Bearer " + TOKEN).exchange());
        assertThat(second).isInstanceOf(Authentication.Await.class);
        server.release();
        proven(Settled.of(first));
        proven(Settled.of(second));
    }

    private static Exchanges from(String address, String token) {
        ClientConnection connection =
                new ClientConnection(new InetSocketAddress(Exchanges.address(address), 50000), "public", null, null);
        return request("Bearer " + token).connection(connection);
    }

    @Test
    void OA_14_oneNetworkCannotUseUpTheQuestionsOfAll() throws PluginException {
        server.hold();
        Authenticator authenticator = make(null, null, ClientConfig.Method.BASIC, limits(6, 4, 5), "/introspect");
        List<Authentication> flood = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String host = "2001:db8:0:1::" + Integer.toHexString(i + 1);
            flood.add(authenticator.authenticate(from(host, TOKEN + "-" + i).exchange()));
        }
        assertThat(flood.stream().filter(one -> one instanceof Authentication.Await))
                .hasSize(4);
        assertThat(Settled.refusal(flood.getLast()).status()).isEqualTo(429);
        List<Authentication> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(authenticator.authenticate(
                    from("192.0.2." + i, TOKEN + "-other-" + i).exchange()));
        }
        assertThat(others.subList(0, 2)).allMatch(one -> one instanceof Authentication.Await);
        assertThat(Settled.refusal(others.getLast()).status()).isEqualTo(503);
        server.release();
        flood.stream().limit(4).forEach(one -> proven(Settled.of(one)));
        Eventually.until(
                "everybody may ask again",
                () -> Settled.of(authenticator.authenticate(
                                from("192.0.2.9", TOKEN + "-later").exchange()))
                        instanceof Authentication.Proven);
        assertThat(server.mostOpen()).isLessThanOrEqualTo(6);
    }

    @Test
    void OA_13_aServerThatFailsIsNotAskedForATime() throws PluginException {
        server.answer(form -> new FormServer.Reply(401, "application/json", "{}"));
        Authenticator authenticator = make();
        for (int i = 0; i < 20; i++) {
            assertThat(Settled.refusal(ask(authenticator, TOKEN + i)).status()).isEqualTo(503);
        }
        assertThat(server.forms()).hasSize(5);
        server.answer(form -> FormServer.Reply.json(ACTIVE));
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(503);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        proven(ask(authenticator, TOKEN));
        proven(ask(authenticator, TOKEN + "-2"));
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("event=authorization_server.failing name=legacy")
                .contains("the gateway's own credentials are refused")
                .containsOnlyOnce("event=authorization_server.recovered name=legacy")
                .doesNotContain(TOKEN, "s3cret");
    }

    @Test
    void whatIsRememberedIsServedWhileTheServerFails() throws PluginException {
        Authenticator authenticator = make();
        proven(ask(authenticator, TOKEN));
        server.answer(form -> new FormServer.Reply(500, "text/plain", ""));
        for (int i = 0; i < 6; i++) {
            ask(authenticator, TOKEN + i);
        }
        proven(ask(authenticator, TOKEN));
    }

    // ---- configuration

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example.com/introspect",
                "ftp://127.0.0.1/",
                "/introspect",
                "https://a:b@id.example.com/",
                "https://id example"
            })
    void refusesEndpointsThatAreNotSafe(String endpoint) {
        IntrospectionConfig config = new IntrospectionConfig(
                endpoint,
                new ClientConfig("gateway", new Secret("secret"), null, null, null, ClientConfig.Method.BASIC),
                null,
                new IntrospectionConfig.Cache(Duration.ofSeconds(30), Duration.ofSeconds(5), 1000),
                new IntrospectionConfig.Token(null, 16, 4096),
                null,
                null,
                Duration.ZERO,
                null,
                List.of(),
                PLAIN,
                new PrincipalConfig("sub", null, Map.of(), null),
                limits(64, 8, 5));
        assertThatThrownBy(() -> make(config))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("expected: an ");
    }

    @Test
    void asksNobodyOnceItIsClosed() throws PluginException {
        Authenticator authenticator = make();
        ((LongLived) authenticator).close();
        assertThat(Settled.refusal(ask(authenticator, TOKEN)).status()).isEqualTo(503);
    }
}
