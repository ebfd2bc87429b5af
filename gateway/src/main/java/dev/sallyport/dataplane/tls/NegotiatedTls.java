package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What client and gateway agreed upon in a handshake.
///
/// @param version    such as `TLSv1.3`
/// @param serverName the name the client asked for, or null
/// @param protocol   the ALPN name, or null when the client does not use ALPN
public record NegotiatedTls(
        String version,
        @Nullable String serverName,
        @Nullable String protocol) {
    /// What the completed handshake of a listener's connection gave.
    public static NegotiatedTls of(SslHandler handler) {
        SSLEngine engine = handler.engine();
        SSLSession session = engine.getSession();
        String serverName =
                session instanceof ExtendedSSLSession extended ? CertificateChoice.serverName(engine, extended) : null;
        return new NegotiatedTls(session.getProtocol(), serverName, handler.applicationProtocol());
    }
}
