package dev.sallyport.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;

/// TLS of a listener: its certificates by server name, versions, suites, ALPN, client certificates, resumption.
///
/// Certificates may be replaced while it serves; connections keep what they began with.
public interface ServerTls {
    /// The first handler of a new connection: reads the ClientHello within its limits, chooses the certificate,
    /// becomes the TLS handler. After the handshake the usual Netty event `SslHandshakeCompletionEvent` travels
    /// the pipeline.
    ChannelHandler handler(ByteBufAllocator allocator);
}
