package dev.sallyport.extension.authn.certificate;

import dev.sallyport.extension.authn.jose.Sha256;
import dev.sallyport.remote.Fingerprint;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The SHA-256 of a certificate in base64url, as `x5t#S256` has it (RFC 8705 §3.1).
final class Thumbprint {
    private static final int OCTETS = 32;

    private Thumbprint() {}

    static String of(X509Certificate certificate) {
        return Sha256.text(encoded(certificate));
    }

    /// The same hash as it is remembered by.
    static Fingerprint fingerprint(X509Certificate certificate) {
        MessageDigest digest = Sha256.digest();
        digest.update(encoded(certificate));
        return Fingerprint.of(digest);
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As [#fingerprint(X509Certificate)], of what [#of] gives; null of anything else.
    static @Nullable Fingerprint fingerprint(String thumbprint) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(Base64.getUrlDecoder().decode(thumbprint));
            return hash.remaining() == OCTETS
                    ? new Fingerprint(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong())
                    : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
