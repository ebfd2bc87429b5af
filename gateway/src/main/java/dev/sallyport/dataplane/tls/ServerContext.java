package dev.sallyport.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One generation of a listener's TLS: its settings, ready to use, immutable but for ticket keys.
///
/// Owns native memory until [#release()]; handlers made before keep what they need.
final class ServerContext {
    private final ServerTlsSettings settings;
    private final CertificateTable table;
    private final SslContext context;
    private final @Nullable TicketKeys tickets;
    private final boolean noTickets;

    /// @param tickets those of the generation before, or new ones; used where clients present no certificates only
    ServerContext(ServerTlsSettings settings, TlsEngine engine, TicketKeys tickets) throws TlsException {
        this.settings = settings;
        this.table = new CertificateTable(settings.certificates(), settings.unknownName());
        boolean boringSsl = engine == TlsEngine.BORINGSSL;
        boolean anonymous = settings.clientCertificates().mode() == ClientCertificates.Mode.OFF;
        this.tickets = boringSsl && anonymous ? tickets : null;
        this.noTickets = boringSsl && !anonymous;
        try {
            this.context = context(engine);
        } catch (SSLException | NoSuchAlgorithmException e) {
            throw new TlsException("TLS cannot be set up: " + e.getMessage(), e);
        }
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // tickets resume without memory; a cache would keep what they make superfluous
            sessions.setSessionCacheEnabled(false);
            if (this.tickets != null) {
                this.tickets.install(sessions);
            }
        }
    }

    private SslContext context(TlsEngine engine) throws SSLException, NoSuchAlgorithmException, TlsException {
        CertificateChoice choice = new CertificateChoice(settings.certificates(), table);
        KeyManagerFactory keys = new SingleKeySource(choice);
        if (engine == TlsEngine.BORINGSSL) {
            keys = new OpenSslCachingX509KeyManagerFactory(
                    keys, Math.max(1, settings.certificates().size()));
        }
        SslContextBuilder builder = SslContextBuilder.forServer(keys)
                .sslProvider(engine.provider())
                .protocols(settings.minVersion().andAbove())
                .ciphers(TlsVersion.SUITES)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        // a mismatch was refused before, see ClientHelloGate
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        settings.protocols()))
                .option(OpenSslContextOption.USE_TASKS, false)
                .option(OpenSslContextOption.GROUPS, new String[] {"x25519", "secp256r1"});
        ClientCertificates clients = settings.clientCertificates();
        switch (clients.mode()) {
            case OFF -> builder.clientAuth(ClientAuth.NONE).trustManager(StrictTrust.in(List.of()));
            case OPTIONAL -> builder.clientAuth(ClientAuth.OPTIONAL).trustManager(StrictTrust.in(clients.trust()));
            case REQUIRED -> builder.clientAuth(ClientAuth.REQUIRE).trustManager(StrictTrust.in(clients.trust()));
        }
        return builder.build();
    }

    ServerTlsSettings settings() {
        return settings;
    }

    CertificateTable table() {
        return table;
    }

    @Nullable
    TicketKeys tickets() {
        return tickets;
    }

    /// A handler for one connection, or null when this generation was released meanwhile.
    @Nullable
    SslHandler newHandler(ByteBufAllocator allocator) {
        try {
            ReferenceCountUtil.retain(context);
        } catch (IllegalReferenceCountException released) {
            return null;
        }
        try {
            if (tickets != null) {
                rotate(tickets, System.nanoTime());
            }
            SslHandler handler = context.newHandler(allocator);
            if (noTickets && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
                SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
            }
            return handler;
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    void rotate(TicketKeys keys, long now) {
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            keys.rotateIfDue(now, sessions);
        }
    }

    void release() {
        ReferenceCountUtil.release(context);
    }

    /// Hands one way of choosing keys to a TLS context.
    private static final class SingleKeySource extends SimpleKeyManagerFactory {
        private final KeyManager keys;

        SingleKeySource(KeyManager keys) {
            this.keys = keys;
        }

        @Override
        protected void engineInit(KeyStore keyStore, char[] password) {
            // complete as it is
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {
            // complete as it is
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {keys};
        }
    }
}
