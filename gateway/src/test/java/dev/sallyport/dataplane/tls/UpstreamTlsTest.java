package dev.sallyport.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.dataplane.tls.UpstreamTlsSettings.AnyoneInsecurely;
import dev.sallyport.dataplane.tls.UpstreamTlsSettings.Authorities;
import dev.sallyport.dataplane.tls.UpstreamTlsSettings.SystemTrust;
import dev.sallyport.dataplane.tls.UpstreamTlsSettings.Trust;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Threat TL-09: which upstreams the gateway believes.
class UpstreamTlsTest {
    private static final TestCertificates CA = TestCertificates.authority("ca");
    private static final Trust TRUST = new Authorities(List.of(CA.certificate()));
    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterAll
    static void stop() {
        LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static UpstreamTlsSettings settings(Trust trust, @Nullable String serverName) {
        return new UpstreamTlsSettings(trust, null, serverName, List.of("h2", "http/1.1"));
    }

    /// Shakes hands as a client that asks for `host` with an upstream that shows `certificate`.
    private static SslHandler connect(TlsEngine engine, UpstreamTlsSettings settings, String host, Issued certificate)
            throws Exception {
        return connect(engine, settings, host, certificate, List.of("http/1.1"));
    }

    private static SslHandler connect(
            TlsEngine engine, UpstreamTlsSettings settings, String host, Issued certificate, List<String> protocols)
            throws Exception {
        SslContext server = SslContextBuilder.forServer(certificate.keys())
                .sslProvider(SslProvider.JDK)
                .clientAuth(settings.clientCertificate() == null ? ClientAuth.NONE : ClientAuth.REQUIRE)
                .trustManager(CA.certificate())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .build();
        UpstreamTls tls = new UpstreamTls(settings, engine);
        SslHandler handler = tls.handler(ByteBufAllocator.DEFAULT, host, 443);
        try (EchoServer upstream = new EchoServer(server::newHandler)) {
            Channel channel = new Bootstrap()
                    .group(LOOP)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel created) {
                            created.pipeline().addLast(handler, new Quiet());
                        }
                    })
                    .connect(InetAddress.getLoopbackAddress(), upstream.port())
                    .syncUninterruptibly()
                    .channel();
            try {
                handler.handshakeFuture().sync();
            } finally {
                channel.close().syncUninterruptibly();
            }
        }
        return handler;
    }

    @ParameterizedTest
    @EnumSource
    void believesACertificateOfATrustedAuthorityForTheHost(TlsEngine engine) throws Exception {
        Issued certificate = CA.server("orders.internal", "*.pool.internal", "127.0.0.1", "::1");
        for (String host : List.of("orders.internal", "ORDERS.internal", "a.pool.internal", "127.0.0.1", "::1")) {
            assertThatCode(() -> connect(engine, settings(TRUST, null), host, certificate))
                    .as(host)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksForTheServerNameInsteadOfTheHost(TlsEngine engine) throws Exception {
        Issued certificate = CA.server("billing.internal");
        assertThatCode(() -> connect(engine, settings(TRUST, "billing.internal"), "10.0.0.7", certificate))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> connect(engine, settings(TRUST, "orders.internal"), "billing.internal", certificate))
                .hasStackTraceContaining("orders.internal");
    }

    @ParameterizedTest
    @EnumSource
    void agreesOnAProtocol(TlsEngine engine) throws Exception {
        Issued certificate = CA.server("orders.internal");
        assertThat(connect(engine, settings(TRUST, null), "orders.internal", certificate, List.of("h2", "http/1.1"))
                        .applicationProtocol())
                .isEqualTo("h2");
        assertThat(connect(engine, settings(TRUST, null), "orders.internal", certificate, List.of("http/1.1"))
                        .applicationProtocol())
                .isEqualTo("http/1.1");
    }

    @ParameterizedTest
    @EnumSource
    void showsItsOwnCertificate(TlsEngine engine) throws Exception {
        Issued own = CA.client("spiffe://example.com/gateway");
        KeyPairCertificate checked = KeyPairCertificate.of("own", own.chain(), own.key(), Instant.now());
        UpstreamTlsSettings settings = new UpstreamTlsSettings(TRUST, checked, null, List.of("http/1.1"));
        SslHandler handler = connect(engine, settings, "orders.internal", CA.server("orders.internal"));
        assertThat((X509Certificate) handler.engine().getSession().getLocalCertificates()[0])
                .isEqualTo(own.certificate());
    }

    @ParameterizedTest
    @EnumSource
    void TL_09_refusesACertificateForAnotherHost(TlsEngine engine) {
        refuses(engine, "orders.internal", CA.server("billing.internal"));
        refuses(engine, "a.b.pool.internal", CA.server("*.pool.internal"));
        refuses(engine, "pool.internal", CA.server("*.pool.internal"));
        refuses(engine, "orders.internal", CA.server("*.internal.example", "o*.internal"));
        refuses(engine, "orders.internal", CA.server("orders.internal.evil.example"));
    }

    @ParameterizedTest
    @EnumSource
    void TL_09_takesNoHostNameFromTheSubject(TlsEngine engine) {
        refuses(
                engine,
                "orders.internal",
                CA.issue(wanted -> wanted.subject("CN=orders.internal")
                        .names("billing.internal")
                        .forServers()));
    }

    @ParameterizedTest
    @EnumSource
    void TL_09_refusesACertificateForAnotherAddress(TlsEngine engine) {
        refuses(engine, "127.0.0.1", CA.server("127.0.0.2"));
        refuses(engine, "127.0.0.1", CA.server("localhost"));
        refuses(engine, "::1", CA.server("::2"));
    }

    @ParameterizedTest
    @EnumSource
    void TL_09_refusesSelfSignedAndForeignCertificates(TlsEngine engine) {
        refuses(
                engine,
                "orders.internal",
                TestCertificates.selfSigned(
                        wanted -> wanted.names("orders.internal").forServers()));
        refuses(engine, "orders.internal", TestCertificates.authority("ca").server("orders.internal"));
        assertThatThrownBy(() -> connect(
                        engine, settings(new SystemTrust(), null), "orders.internal", CA.server("orders.internal")))
                .hasStackTraceContaining("PKIX path building failed");
    }

    @ParameterizedTest
    @EnumSource
    void TL_09_refusesCertificatesOutOfTimeOrPurpose(TlsEngine engine) {
        refuses(
                engine,
                "orders.internal",
                CA.issue(wanted -> wanted.names("orders.internal").forServers().expired()));
        refuses(
                engine,
                "orders.internal",
                CA.issue(wanted -> wanted.names("orders.internal").forServers().notYetValid()));
        refuses(
                engine,
                "orders.internal",
                CA.issue(wanted -> wanted.names("orders.internal").forClients()));
        refuses(
                engine,
                "orders.internal",
                CA.issue(wanted -> wanted.names("orders.internal").forServers().sha1()));
    }

    /// Failures are seen by the handshake's future.
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static void refuses(TlsEngine engine, String host, Issued certificate) {
        assertThatThrownBy(() -> connect(engine, settings(TRUST, null), host, certificate))
                .as("%s for %s", certificate.certificate().getSubjectX500Principal(), host)
                .isInstanceOf(javax.net.ssl.SSLException.class);
    }

    @ParameterizedTest
    @EnumSource
    void believesAnyoneOnlyWhereToldSo(TlsEngine engine) {
        assertThatCode(() -> connect(
                        engine,
                        settings(new AnyoneInsecurely(), null),
                        "orders.internal",
                        TestCertificates.selfSigned(
                                wanted -> wanted.names("else.where").expired())))
                .doesNotThrowAnyException();
    }
}
