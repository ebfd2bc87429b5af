package dev.sallyport.extension.authz.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authz.AuthorizerContract;
import dev.sallyport.extension.authz.CacheConfig;
import dev.sallyport.extension.authz.FakePolicyServer;
import dev.sallyport.extension.authz.LimitsConfig;
import dev.sallyport.extension.authz.SendConfig;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.TestCertificates;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtAuthzTest extends AuthorizerContract {
    @SuppressWarnings("NullAway.Init") // before each test
    private FakeExtAuthz envoy;

    @Override
    protected FakePolicyServer startServer() {
        envoy = new FakeExtAuthz();
        return envoy;
    }

    @Override
    protected PluginFactory<?, Authorizer> factory(LongSupplier clock) {
        return new ExtAuthzFactory(log, clock);
    }

    private String outcome(Authorizer authorizer) {
        return switch (judge(authorizer, exchange())) {
            case Verdict.Allow _ -> "allowed";
            case Verdict.Deny _ -> "denied";
            case Verdict.Undecided _ -> "undecided";
            case Verdict.Prove _, Verdict.Await _ -> "other";
        };
    }

    /// Messages as octets: field 1 is the status, with its code; 2 the denial; 3 what is allowed.
    @ParameterizedTest
    @CsvSource({
        "0a00, allowed", // a status of nothing is OK
        "0a001a00, allowed",
        "0a020800, allowed",
        "0a020800 1a10 120e 0a0c 0a06 782d6576696c 1202 6f6b, allowed", // a field for the upstream
        "0a020800 1a0f 120d 0a0b 0a05 3a70617468 1202 2f78, allowed", // :path, which is ignored
        "0a020807, denied",
        "0a020810, denied",
        "0a0208070a00, denied", // merged, as messages are
        "1200, denied",
        "0a001200, denied", // OK and denied
        "0a0208071a00, denied",
        "'', undecided",
        "1a00, undecided", // no status
        "2200, undecided", // only dynamic metadata
        "0a002a00, undecided", // OK and an error
        "0800, undecided", // a status that is a number
        "0a02 0d00, undecided", // a code of another type
        "08, undecided",
        "0a05, undecided",
        "0a0208, undecided",
        "ffff, undecided",
        "0a00ff, undecided",
        "0a00 1a08 1206 0a04 0a02c328, undecided" // no UTF-8
    })
    void AZ_11_onlyOkAllows(String message, String outcome) {
        envoy.answer(HexFormat.of().parseHex(message.replace(" ", "")));
        assertThat(outcome(authorizer())).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "0000000002 0a00, 0, allowed",
        "'', 0, undecided", // no message
        "00000000, 0, undecided", // half a prefix
        "0100000002 0a00, 0, undecided", // compressed
        "0000000003 0a00, 0, undecided", // shorter than it says
        "0000000001 0a00, 0, undecided", // longer
        "0000000002 0a00 0000000002 0a00, 0, undecided", // two
        "0000000002 0a00, '', undecided", // no status
        "0000000002 0a00, 13, undecided"
    })
    void AZ_11_theFramingIsStrict(String octets, String status, String outcome) {
        envoy.answer(HexFormat.of().parseHex(octets.replace(" ", "")), status);
        assertThat(outcome(authorizer())).isEqualTo(outcome);
    }

    @Test
    void AZ_11_anAnswerOfAnotherTypeIsNone() {
        envoy.answer(new FakeExtAuthz.Reply(
                Map.of(":status", "200", "content-type", "text/html"),
                FakeExtAuthz.framed(HexFormat.of().parseHex("0a00")),
                "0"));
        assertThat(outcome(authorizer())).isEqualTo("undecided");
    }

    @Test
    void theMethodIsCheck() {
        judge(authorizer(), exchange());
        assertThat(envoy.path()).isEqualTo("/envoy.service.auth.v3.Authorization/Check");
        assertThat(envoy.lastField("content-type")).isEqualTo("application/grpc");
        assertThat(envoy.lastField("te")).isEqualTo("trailers");
        assertThat(envoy.lastField("grpc-timeout")).matches("[0-9]+[mun]");
    }

    @Test
    void manyCallsShareOneConnection() {
        Authorizer authorizer = authorizer();
        for (int i = 0; i < 5; i++) {
            assertThat(outcome(authorizer)).isEqualTo("allowed");
        }
        assertThat(envoy.connections()).isEqualTo(1);
    }

    @Test
    void aConnectionThatWasCutIsMadeAgain() {
        Authorizer authorizer = authorizer();
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        envoy.cut();
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        assertThat(envoy.connections()).isEqualTo(2);
    }

    @Test
    void afterGoAwayAnotherConnectionIsMade() {
        Authorizer authorizer = authorizer();
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        envoy.goAway();
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        assertThat(envoy.connections()).isEqualTo(2);
    }

    /// The other side may be gone without a word.
    @Test
    void aConnectionOnWhichNothingIsHeardIsGivenUp() {
        Authorizer authorizer = authorizer("limits: { timeout: 300ms }");
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        envoy.stall();
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(authorizer)).isEqualTo("undecided");
        }
        envoy.allow(Map.of());
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        assertThat(envoy.connections()).isEqualTo(2);
    }

    @Test
    void aServerThatWasDownIsAskedAsSoonAsItIsBack() {
        Authorizer authorizer = authorizer("limits: { failures: 100 }");
        int port = URI.create(envoy.url()).getPort();
        envoy.close();
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(authorizer)).isEqualTo("undecided");
        }
        try (FakeExtAuthz back = new FakeExtAuthz(null, port)) {
            back.allow(Map.of());
            assertThat(outcome(authorizer)).isEqualTo("allowed");
        }
    }

    @Test
    void isNotReadyWhileNobodyIsThereAndAsksLaterAllTheSame() {
        Authorizer authorizer = authorizer();
        int port = URI.create(envoy.url()).getPort();
        envoy.close();
        assertThat(((LongLived) authorizer).start().toCompletableFuture())
                .failsWithin(Eventually.DEADLINE)
                .withThrowableThat()
                .withMessageContaining("no connection");
        try (FakeExtAuthz back = new FakeExtAuthz(null, port)) {
            back.allow(Map.of());
            assertThat(outcome(authorizer)).isEqualTo("allowed");
            assertThat(back.connections()).isEqualTo(1);
        }
    }

    @Test
    void oneConnectionIsMadeBeforeTheFirstQuestion() throws Exception {
        Authorizer authorizer = authorizer();
        ((LongLived) authorizer).start().toCompletableFuture().get(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(envoy.connections()).isEqualTo(1);
        assertThat(outcome(authorizer)).isEqualTo("allowed");
        assertThat(envoy.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1/path", "http://127.0.0.1:1?x=1", "http://10.0.0.1:1", "https://a b"})
    void US_02_urlsAreSchemeHostAndPortAndTlsExceptOnTheLoopback(String url) {
        ExtAuthzConfig config = config(url, null);
        assertThatThrownBy(() -> create(config))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("(expected: ");
    }

    private static ExtAuthzConfig config(String url, @Nullable RemoteTls tls) {
        return new ExtAuthzConfig(
                url,
                new SendConfig(List.of(), List.of(), List.of(), List.of()),
                Map.of(),
                List.of(),
                false,
                new CacheConfig(Duration.ZERO, Duration.ZERO, 100),
                Duration.ofSeconds(30),
                new LimitsConfig(Duration.ofSeconds(2), 10, 10, 100, Duration.ofSeconds(1)),
                tls);
    }

    private Authorizer create(ExtAuthzConfig config) throws PluginException {
        return new ExtAuthzFactory(log, System::nanoTime)
                .create(config, new PluginContext("policy", 1, new FakeServices(Instant.now())));
    }

    // ---- TLS

    @Test
    void TL_04_bothSidesProveThemselves(@TempDir Path folder) throws Exception {
        TestCertificates authority = TestCertificates.authority("policies");
        Path trust = Files.writeString(folder.resolve("ca.pem"), authority.pem());
        authority.client("spiffe://example.com/gateway").write(folder, "own");
        RemoteTls.KeyPair own = new RemoteTls.KeyPair(folder.resolve("own.crt"), folder.resolve("own.key"));
        SslContextBuilder server = SslContextBuilder.forServer(
                        authority.server("localhost").keys())
                .trustManager(authority.certificate())
                .clientAuth(ClientAuth.REQUIRE);
        try (FakeExtAuthz secure = new FakeExtAuthz(
                        server.applicationProtocolConfig(protocol("h2")).build(), 0);
                FakeExtAuthz old = new FakeExtAuthz(
                        server.applicationProtocolConfig(protocol("http/1.1")).build(), 0)) {
            secure.allow(Map.of());
            old.allow(Map.of());
            assertThat(outcomeAt(secure.url(), new RemoteTls(trust, own))).isEqualTo("allowed");
            assertThat(outcomeAt(secure.url(), new RemoteTls(trust, null))).isEqualTo("undecided");
            assertThat(outcomeAt(secure.url(), new RemoteTls(null, own))).isEqualTo("undecided");
            String misnamed = secure.url().replace("localhost", "127.0.0.1");
            assertThat(outcomeAt(misnamed, new RemoteTls(trust, own))).isEqualTo("undecided");
            assertThat(outcomeAt(old.url(), new RemoteTls(trust, own))).isEqualTo("undecided");
            assertThat(secure.asked() + old.asked()).isEqualTo(1);
        }
    }

    private static ApplicationProtocolConfig protocol(String name) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                name);
    }

    private String outcomeAt(String url, RemoteTls tls) throws PluginException {
        Authorizer authorizer = create(config(url, tls));
        try {
            return outcome(authorizer);
        } finally {
            ((LongLived) authorizer).close();
        }
    }

    // ---- the question, by the numbers of Envoy's `attribute_context.proto`

    /// The texts in the field at the end of the way through messages.
    private List<String> texts(int... way) throws InvalidProtocolBufferException {
        List<ByteString> found = List.of(ByteString.copyFrom(envoy.question()));
        for (int number : way) {
            List<ByteString> inside = new ArrayList<>();
            for (ByteString one : found) {
                inside.addAll(UnknownFieldSet.parseFrom(one).getField(number).getLengthDelimitedList());
            }
            found = inside;
        }
        return found.stream().map(ByteString::toStringUtf8).toList();
    }

    @Test
    void theQuestionIsACheckRequest() throws InvalidProtocolBufferException {
        judge(
                authorizer(
                        "send: { request: [method, scheme, host, path, query, path-parameters, route, address,"
                                + " protocol], caller: [id, tenant, roles], claims: [groups, level, none],"
                                + " headers: [x-channel] }",
                        "context: { stage: test }"),
                exchange());
        assertThat(texts(1, 1, 1, 1, 2)).containsExactly("192.0.2.7");
        assertThat(texts(1, 1, 4)).containsExactly("ada");
        assertThat(texts(1, 4, 2, 2)).containsExactly("GET");
        assertThat(texts(1, 4, 2, 3, 1)).containsExactly("x-channel");
        assertThat(texts(1, 4, 2, 3, 2)).containsExactly("web,app");
        assertThat(texts(1, 4, 2, 4)).containsExactly("/orders/7?page=2");
        assertThat(texts(1, 4, 2, 5)).containsExactly("shop.example.com");
        assertThat(texts(1, 4, 2, 6)).containsExactly("http");
        assertThat(texts(1, 4, 2, 10)).containsExactly("HTTP/1.1");
        assertThat(texts(1, 10, 1)).containsExactly("stage");
        assertThat(texts(1, 10, 2)).containsExactly("test");
        assertThat(texts(1, 11, 1, 1)).containsExactly("sallyport");
        assertThat(texts(1, 11, 1, 2, 1, 1)).containsExactly("route", "path_parameters", "principal");
        assertThat(texts(1, 11, 1, 2, 1, 2, 3)).containsExactly("orders");
        assertThat(texts(1, 11, 1, 2, 1, 2, 5, 1, 1)).containsExactly("id", "id", "tenant", "roles", "claims");
        assertThat(texts(1, 11, 1, 2, 1, 2, 5, 1, 2, 3)).containsExactly("7", "ada", "acme");
        assertThat(texts(1, 11, 1, 2, 1, 2, 5, 1, 2, 6, 1, 3)).containsExactly("clerk", "reader");
        assertThat(texts(1, 11, 1, 2, 1, 2, 5, 1, 2, 5, 1, 1)).containsExactly("groups");
        assertThat(texts(1, 11, 1, 2, 1, 2, 5, 1, 2, 5, 1, 2, 6, 1, 3)).containsExactly("g1");
    }

    @Test
    void noMoreIsToldThanTheConfigurationSays() throws InvalidProtocolBufferException {
        judge(authorizer("send: { request: [], caller: [] }"), exchange());
        assertThat(texts(1, 4, 2)).containsExactly("");
        assertThat(texts(1, 1)).containsExactly("");
        assertThat(texts(1, 11, 1, 2, 1, 1)).containsExactly("principal");
    }

    @Test
    void claimsKeepTheirTypes() {
        ProtoWriter struct = new ProtoWriter();
        StructValue.member(struct, "n", 7L);
        StructValue.member(struct, "d", 0.5);
        StructValue.member(struct, "b", true);
        StructValue.member(struct, "e", "");
        StructValue.member(struct, "m", Map.of("a", List.of(false)));
        StructValue.member(struct, "nothing", null);
        assertThat(HexFormat.of().formatHex(struct.bytes()))
                .isEqualTo("0a0e0a016e120911" + "0000000000001c40" + "0a0e0a0164120911" + "000000000000e03f"
                        + "0a070a016212022001" + "0a070a016512021a00"
                        + "0a140a016d120f2a0d0a0b0a0161120632040a022000");
    }
}
