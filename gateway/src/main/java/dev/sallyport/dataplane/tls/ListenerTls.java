package dev.sallyport.dataplane.tls;

import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;
import java.lang.ref.Cleaner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// The TLS of one listener. Its settings can be replaced as a whole while it serves: new connections get the new
/// ones, connections that are open keep theirs.
///
/// Native memory of replaced settings is freed when the last connection made with them ends; that of the last
/// settings when this object is no longer in use.
public final class ListenerTls implements ServerTls, MetricSource {
    /// From the connection's start to the end of the handshake.
    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Cleaner CLEANER = Cleaner.create();

    private final String listener;
    private final TlsEngine engine;
    private final long handshakeNanos;
    private final HandshakeCounts counts = new HandshakeCounts();
    private final AtomicReference<ServerContext> current;

    /// @throws TlsException when the settings cannot work
    public ListenerTls(String listener, ServerTlsSettings settings, TlsEngine engine) throws TlsException {
        this(listener, settings, engine, HANDSHAKE_NANOS);
    }

    ListenerTls(String listener, ServerTlsSettings settings, TlsEngine engine, long handshakeNanos)
            throws TlsException {
        this.listener = listener;
        this.engine = engine;
        this.handshakeNanos = handshakeNanos;
        AtomicReference<ServerContext> last =
                new AtomicReference<>(new ServerContext(settings, engine, new TicketKeys(System.nanoTime())));
        this.current = last;
        CLEANER.register(this, () -> last.get().release());
    }

    /// Replaces the settings of a serving listener, from a control thread; whole or, when it throws, not at all.
    ///
    /// Sessions are resumed across a replacement, except where clients present certificates: there nothing is ever
    /// resumed.
    public void replace(ServerTlsSettings settings) throws TlsException {
        TicketKeys kept = current.get().tickets();
        ServerContext next =
                new ServerContext(settings, engine, kept != null ? kept : new TicketKeys(System.nanoTime()));
        current.getAndSet(next).release();
    }

    @Override
    public ChannelHandler handler(ByteBufAllocator allocator) {
        return new ClientHelloGate(this, counts);
    }

    /// The settings that new connections get.
    public ServerTlsSettings settings() {
        return current.get().settings();
    }

    CertificateTable table() {
        return current.get().table();
    }

    long handshakeNanos() {
        return handshakeNanos;
    }

    HandshakeCounts counts() {
        return counts;
    }

    SslHandler newHandler(ByteBufAllocator allocator) {
        while (true) {
            SslHandler handler = current.get().newHandler(allocator);
            if (handler != null) {
                return handler;
            }
        }
    }

    @Override
    public void collect(MetricSink sink) {
        counts.collect(listener, sink);
        for (KeyPairCertificate certificate : settings().certificates()) {
            sink.value(
                    Metrics.TLS_CERTIFICATE_EXPIRY,
                    (double) certificate.expiry().getEpochSecond(),
                    listener,
                    certificate.source());
        }
    }
}
