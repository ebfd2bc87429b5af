package dev.sallyport.extension.authn.certificate;

import dev.sallyport.extension.authn.jose.Sha256;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/// The SHA-256 of a certificate in base64url, as `x5t#S256` has it (RFC 8705 §3.1).
final class Thumbprint {
    private Thumbprint() {}

    static String of(X509Certificate certificate) {
        try {
            return Sha256.text(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
