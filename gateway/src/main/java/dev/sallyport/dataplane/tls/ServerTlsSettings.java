package dev.sallyport.dataplane.tls;

import java.util.List;

/// The TLS of a listener.
///
/// @param certificates       at least one; where two are for the same name and kind of key, the earlier is used
/// @param unknownName        what a client gets that asks for a name no certificate is for
/// @param minVersion         the least version spoken
/// @param protocols          ALPN names in order of preference, `h2`, `http/1.1`
/// @param clientCertificates whether clients present certificates
public record ServerTlsSettings(
        List<KeyPairCertificate> certificates,
        UnknownName unknownName,
        TlsVersion minVersion,
        List<String> protocols,
        ClientCertificates clientCertificates) {
    public ServerTlsSettings {
        certificates = List.copyOf(certificates);
        protocols = List.copyOf(protocols);
    }

    /// What a client gets that asks for a name no certificate is for.
    ///
    /// A client that gives no name, because it connects to an address, gets the first certificate that is for an
    /// IP address, if there is one, whatever is chosen here.
    public enum UnknownName {
        /// The alert `unrecognized_name`.
        REFUSE,
        FIRST_CERTIFICATE
    }
}
