package dev.sallyport.dataplane.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The TLS towards an upstream.
///
/// @param trust             whose certificates are believed
/// @param clientCertificate what the gateway shows of itself, or null
/// @param serverName        what the certificate must be for, null for the endpoint's host
/// @param protocols         ALPN names in order of preference
public record UpstreamTlsSettings(
        Trust trust,
        @Nullable KeyPairCertificate clientCertificate,
        @Nullable String serverName,
        List<String> protocols) {
    public UpstreamTlsSettings {
        protocols = List.copyOf(protocols);
    }

    /// Whose certificates are believed.
    public sealed interface Trust {}

    /// Whom the operating system or the JDK trusts.
    public record SystemTrust() implements Trust {}

    /// These authorities and no others.
    public record Authorities(List<X509Certificate> certificates) implements Trust {
        public Authorities {
            certificates = List.copyOf(certificates);
        }
    }

    /// Anybody, for any name: the connection is encrypted, to whom is not known. Never a default.
    public record AnyoneInsecurely() implements Trust {}
}
