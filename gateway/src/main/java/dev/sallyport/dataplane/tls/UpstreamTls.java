package dev.sallyport.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.lang.ref.Cleaner;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS towards an upstream: the peer's certificate must lead to the trusted authorities and be for the host asked
/// (RFC 9525), unless the settings say [UpstreamTlsSettings.AnyoneInsecurely] (threat TL-09).
public final class UpstreamTls {
    private static final Cleaner CLEANER = Cleaner.create();

    private final SslContext context;
    private final @Nullable String serverName;

    /// @throws TlsException when the settings cannot work
    public UpstreamTls(UpstreamTlsSettings settings, TlsEngine engine) throws TlsException {
        this.serverName = settings.serverName();
        try {
            SslContext built = context(settings, engine);
            this.context = built;
            CLEANER.register(this, () -> ReferenceCountUtil.release(built));
        } catch (SSLException e) {
            throw new TlsException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static SslContext context(UpstreamTlsSettings settings, TlsEngine engine)
            throws SSLException, TlsException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(engine.provider())
                .protocols(TlsVersion.TLS_1_2.andAbove())
                .ciphers(TlsVersion.SUITES)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        settings.protocols()))
                .option(OpenSslContextOption.USE_TASKS, false);
        switch (settings.trust()) {
            case UpstreamTlsSettings.SystemTrust system ->
                builder.trustManager(StrictTrust.in(null)).endpointIdentificationAlgorithm("HTTPS");
            case UpstreamTlsSettings.Authorities authorities ->
                builder.trustManager(StrictTrust.in(authorities.certificates()))
                        .endpointIdentificationAlgorithm("HTTPS");
            case UpstreamTlsSettings.AnyoneInsecurely anyone ->
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        KeyPairCertificate own = settings.clientCertificate();
        if (own != null) {
            builder.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new));
        }
        return builder.build();
    }

    /// A handler for a connection to `host`:`port`.
    public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
        return context.newHandler(allocator, serverName == null ? host : serverName, port);
    }
}
