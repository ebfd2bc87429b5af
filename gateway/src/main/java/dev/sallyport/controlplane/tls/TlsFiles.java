package dev.sallyport.controlplane.tls;

import dev.sallyport.api.pem.Pem;
import dev.sallyport.api.pem.PemException;
import dev.sallyport.dataplane.tls.KeyPairCertificate;
import dev.sallyport.dataplane.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Reads certificates and keys from PEM files.
public final class TlsFiles {
    private TlsFiles() {}

    /// A certificate chain and its private key, checked to fit together and to be valid at `now`.
    ///
    /// @throws TlsException naming the file and what is wrong with it
    public static KeyPairCertificate certificate(Path chain, Path key, Instant now) throws TlsException {
        List<X509Certificate> certificates = certificates(chain);
        try {
            return KeyPairCertificate.of(
                    chain.toString(), certificates, read(key).privateKey(), now);
        } catch (PemException e) {
            throw new TlsException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The certificates of a file, such as the authorities that are trusted.
    ///
    /// @throws TlsException naming the file and what is wrong with it
    public static List<X509Certificate> certificates(Path path) throws TlsException {
        try {
            return read(path).certificates();
        } catch (PemException e) {
            throw new TlsException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Pem read(Path path) throws TlsException, PemException {
        try {
            if (Files.size(path) > Pem.LARGEST) {
                throw new TlsException(path + ": larger than " + Pem.LARGEST + " bytes (expected: a PEM file)");
            }
            return Pem.parse(path.toString(), Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw new TlsException(path + ": no such file", e);
        } catch (IOException e) {
            throw new TlsException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
