package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.OffLoop;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which certificate was issued by which, from a client's own up to one that is trusted.
///
/// @param certificates the client's first, each followed by its issuer's; none of them trusted
/// @param authority the trusted one that issued the last of them
@OffLoop("signatures are verified on the virtual threads of the questions")
record CertificatePath(List<X509Certificate> certificates, X509Certificate authority) {
    /// The path that `shown` holds, the client's own certificate first; null when it leads to none of `trusted`.
    static @Nullable CertificatePath of(List<X509Certificate> shown, List<X509Certificate> trusted) {
        List<X509Certificate> path = new ArrayList<>();
        X509Certificate last = shown.getFirst();
        while (last != null) {
            path.add(last);
            X509Certificate authority = issuer(last, trusted, List.of());
            if (authority != null) {
                return new CertificatePath(List.copyOf(path), authority);
            }
            last = issuer(last, shown, path);
        }
        return null;
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate certificate, List<X509Certificate> candidates, List<X509Certificate> taken) {
        for (X509Certificate candidate : candidates) {
            if (!taken.contains(candidate) && issued(candidate, certificate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException notByThisKey) {
            return false;
        }
    }

    /// Who issued certificate `index`.
    X509Certificate issuerOf(int index) {
        return index + 1 < certificates.size() ? certificates.get(index + 1) : authority;
    }
}
