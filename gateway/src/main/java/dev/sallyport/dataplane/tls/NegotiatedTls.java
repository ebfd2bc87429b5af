package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
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

    /// The certificates the client proved, its own first; empty when it showed none.
    ///
    /// A session without any says so by an exception, which is 2 % of a handshake: where none were asked for,
    /// it is not asked either.
    public static List<X509Certificate> clientCertificates(SSLEngine engine) {
        if (!engine.getNeedClientAuth() && !engine.getWantClientAuth()) {
            return List.of();
        }
        try {
            List<X509Certificate> certificates = new ArrayList<>();
            for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    certificates.add(x509);
                }
            }
            return certificates;
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }
}
