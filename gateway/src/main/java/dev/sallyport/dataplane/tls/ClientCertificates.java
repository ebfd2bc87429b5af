package dev.sallyport.dataplane.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/// Whether clients present certificates, and whose are believed.
///
/// @param trust the authorities; empty when [Mode#OFF]
public record ClientCertificates(Mode mode, List<X509Certificate> trust) {
    /// Clients are not asked.
    public static final ClientCertificates OFF = new ClientCertificates(Mode.OFF, List.of());

    public ClientCertificates {
        trust = List.copyOf(trust);
    }

    /// What is asked of clients.
    public enum Mode {
        OFF,
        /// A client may have none; one that it has must be good.
        OPTIONAL,
        REQUIRED
    }
}
