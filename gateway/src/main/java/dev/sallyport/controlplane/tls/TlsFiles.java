package dev.sallyport.controlplane.tls;

import dev.sallyport.dataplane.tls.KeyPairCertificate;
import dev.sallyport.dataplane.tls.TlsException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Reads certificates and keys from PEM files.
public final class TlsFiles {
    private TlsFiles() {}

    /// A certificate chain and its private key, checked to fit together and to be valid at `now`.
    ///
    /// @throws TlsException naming the file and what is wrong with it
    public static KeyPairCertificate certificate(Path chain, Path key, Instant now) throws TlsException {
        List<X509Certificate> certificates = certificates(chain);
        return KeyPairCertificate.of(chain.toString(), certificates, PrivateKeys.in(PemFile.read(key)), now);
    }

    /// The certificates of a file, such as the authorities that are trusted.
    ///
    /// @throws TlsException naming the file and what is wrong with it
    public static List<X509Certificate> certificates(Path path) throws TlsException {
        PemFile file = PemFile.read(path);
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : file.blocks()) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(file, block.der(), certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsException(path + ": holds no certificate (expected: -----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private static X509Certificate certificate(PemFile file, byte[] der, int number) throws TlsException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsException(file.path() + ": certificate " + number + " cannot be parsed: " + e.getMessage(), e);
        }
    }
}
