package dev.sallyport.extension.authn.certificate;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/// Verified certificate revocation lists, the newest of each issuer.
final class RevocationLists {
    /// No lists, and none needed.
    static final RevocationLists NONE = new RevocationLists(List.of(), false);

    private final Map<X500Principal, X509CRL> byIssuer = new HashMap<>();
    private final boolean required;

    /// @param required whether a certificate without a current list is of unknown standing
    RevocationLists(Collection<X509CRL> lists, boolean required) {
        this.required = required;
        for (X509CRL list : lists) {
            byIssuer.merge(
                    list.getIssuerX500Principal(),
                    list,
                    (one, other) -> madeAt(one).isAfter(madeAt(other)) ? one : other);
        }
    }

    private static Instant madeAt(X509CRL list) {
        return list.getThisUpdate().toInstant();
    }

    /// What the lists say.
    enum Standing {
        GOOD,
        REVOKED,
        /// There is no current list of an issuer, though there has to be.
        UNKNOWN
    }

    /// The standing of a certificate and of every authority shown with it: one that changes its key certifies itself
    /// too, and may take that back.
    ///
    /// @param chain the certificate first
    Standing of(List<X509Certificate> chain, Instant now) {
        Standing standing = Standing.GOOD;
        for (X509Certificate certificate : chain) {
            X509CRL list = byIssuer.get(certificate.getIssuerX500Principal());
            if (list != null && list.getRevokedCertificate(certificate) != null) {
                return Standing.REVOKED;
            }
            if (required && (list == null || list.getNextUpdate().toInstant().isBefore(now))) {
                standing = Standing.UNKNOWN;
            }
        }
        return standing;
    }
}
