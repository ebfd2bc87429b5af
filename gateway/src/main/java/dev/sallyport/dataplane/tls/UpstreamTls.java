package dev.sallyport.dataplane.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/// TLS towards an upstream: verified by default, against host name and trust.
///
/// @param context    client context with ALPN set by protocol
/// @param serverName what SNI asks for and the certificate must be for; null for the endpoint's host
public record UpstreamTls(SslContext context, @Nullable String serverName) {
    /// A handler for a connection to `host`:`port`, with endpoint identification on.
    public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
        return context.newHandler(allocator, host, port);
    }
}
