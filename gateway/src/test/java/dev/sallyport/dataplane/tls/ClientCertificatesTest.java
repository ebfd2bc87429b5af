package dev.sallyport.dataplane.tls;

import static dev.sallyport.dataplane.tls.TestTls.client;
import static dev.sallyport.dataplane.tls.TestTls.engine;
import static dev.sallyport.dataplane.tls.TestTls.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.dataplane.tls.ClientCertificates.Mode;
import dev.sallyport.dataplane.tls.HandshakeCounts.HandshakeOutcome;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Threat TL-04: whose certificates a listener believes.
class ClientCertificatesTest {
    private static final TestCertificates SERVERS = TestCertificates.authority("servers");
    private static final TestCertificates CLIENTS = TestCertificates.authority("clients");
    private static final Issued API = SERVERS.server("api.example.com");

    private static ListenerTls listener(Mode mode, TlsEngine engine) throws TlsException {
        return new ListenerTls(
                "public", settings(new ClientCertificates(mode, List.of(CLIENTS.certificate())), API), engine);
    }

    private static String greeting(EchoServer server, @Nullable Issued own) throws Exception {
        // a refusal of the client's certificate arrives after the handshake as TLS 1.3 has it: reading shows it
        try (TlsPeer peer =
                TlsPeer.connect(engine(client(SERVERS.certificate(), own), "api.example.com"), server.port())) {
            return peer.line();
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesCertificatesOfTrustedAuthorities(TlsEngine engine) throws Exception {
        Issued own = CLIENTS.client("spiffe://example.com/reader");
        Issued deep = CLIENTS.intermediate("one").intermediate("two").client("spiffe://example.com/writer");
        for (Mode mode : List.of(Mode.OPTIONAL, Mode.REQUIRED)) {
            try (EchoServer server = new EchoServer(listener(mode, engine))) {
                assertThat(greeting(server, own)).startsWith("TLSv1.3");
                assertThat(greeting(server, deep)).startsWith("TLSv1.3");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksForNoneWhereTheyAreOff(TlsEngine engine) throws Exception {
        try (EchoServer server = new EchoServer(new ListenerTls("public", settings(API), engine))) {
            assertThat(greeting(server, TestCertificates.authority("other").client("urn:any")))
                    .startsWith("TLSv1.3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void TL_04_clientWithoutCertificateIsServedOnlyWhereOptional(TlsEngine engine) throws Exception {
        try (EchoServer server = new EchoServer(listener(Mode.OPTIONAL, engine))) {
            assertThat(greeting(server, null)).startsWith("TLSv1.3");
        }
        try (EchoServer server = new EchoServer(listener(Mode.REQUIRED, engine))) {
            assertThatThrownBy(() -> greeting(server, null)).isInstanceOf(IOException.class);
        }
    }

    /// A bad certificate with what it is.
    record Bad(String what, Issued certificate) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bad> bad() {
        TestCertificates chain = CLIENTS;
        for (int i = 0; i < 7; i++) {
            chain = chain.intermediate("intermediate-" + i);
        }
        return Stream.of(
                new Bad(
                        "expired",
                        CLIENTS.issue(wanted -> wanted.uri("urn:c").forClients().expired())),
                new Bad(
                        "not yet valid",
                        CLIENTS.issue(wanted -> wanted.uri("urn:c").forClients().notYetValid())),
                new Bad(
                        "of another authority",
                        TestCertificates.authority("clients").client("urn:c")),
                new Bad(
                        "self-signed",
                        TestCertificates.selfSigned(
                                wanted -> wanted.uri("urn:c").forClients())),
                new Bad(
                        "for servers only",
                        CLIENTS.issue(wanted -> wanted.uri("urn:c").forServers())),
                new Bad(
                        "signed with SHA-1",
                        CLIENTS.issue(wanted -> wanted.uri("urn:c").forClients().sha1())),
                new Bad(
                        "an authority",
                        CLIENTS.issue(wanted -> wanted.uri("urn:c").forClients().certificateAuthority())),
                new Bad("at the end of a long chain", chain.client("urn:c")),
                new Bad("issued by a leaf", leafAsIssuer()),
                new Bad(
                        "with a NUL in its name",
                        CLIENTS.issue(wanted -> wanted.names("reader\0.evil").forClients())));
    }

    private static Issued leafAsIssuer() {
        return TestCertificates.of(CLIENTS.client("urn:leaf")).client("urn:c");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void TL_04_refusesCertificatesThatAre(Bad bad) throws Exception {
        for (TlsEngine engine : TlsEngine.values()) {
            for (Mode mode : List.of(Mode.OPTIONAL, Mode.REQUIRED)) {
                ListenerTls tls = listener(mode, engine);
                try (EchoServer server = new EchoServer(tls)) {
                    assertThatThrownBy(() -> greeting(server, bad.certificate()))
                            .as("%s %s", engine, mode)
                            .isInstanceOf(IOException.class);
                    assertThat(tls.counts().count(HandshakeOutcome.COMPLETED)).isZero();
                }
            }
        }
    }

    @Test
    void TL_11_trustIsReplacedWithTheRest() throws Exception {
        ListenerTls tls = listener(Mode.REQUIRED, TlsEngine.installed());
        TestCertificates others = TestCertificates.authority("others");
        Issued old = CLIENTS.client("urn:old");
        Issued renewed = others.client("urn:new");
        try (EchoServer server = new EchoServer(tls)) {
            assertThat(greeting(server, old)).startsWith("TLSv1.3");
            tls.replace(settings(new ClientCertificates(Mode.REQUIRED, List.of(others.certificate())), API));
            assertThatThrownBy(() -> greeting(server, old)).isInstanceOf(IOException.class);
            assertThat(greeting(server, renewed)).startsWith("TLSv1.3");
        }
    }
}
