package dev.sallyport.remote;

import dev.sallyport.api.pem.Pem;
import dev.sallyport.api.pem.PemException;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// How TLS with a server that is asked is set up, where the authorities of the Java runtime are not whom to believe or
/// the server wants a certificate.
@OffLoop("control threads that compile configurations")
@Doc("TLS with the server. The files are watched: a change is in use without a restart.")
public record RemoteTls(
        @Doc("The only authorities that are believed, in PEM. Left out: those of the Java runtime.") @Nullable
        Path trust,

        @Doc("What the gateway shows the server.") @Nullable KeyPair clientCertificate) {
    private static final char[] IN_MEMORY = {};

    /// What the gateway shows.
    @Doc("What the gateway shows the server.")
    public record KeyPair(
            @Doc("The certificate and its intermediates, in PEM.")
            Path chain,

            @Doc("Its private key, in PEM.") Path key) {}

    public RemoteTls {
        if (trust == null && clientCertificate == null) {
            throw new IllegalArgumentException(
                    "trust: missing, and no `client-certificate` (expected: at least one of them)");
        }
    }

    /// What connections are set up by; null for `tls` that is left out: as the Java runtime does it.
    ///
    /// @param key of `tls` in the configuration, for problems
    /// @throws PluginException a file cannot be used
    public static @Nullable SSLContext context(@Nullable RemoteTls tls, String key, Instant now)
            throws PluginException {
        if (tls == null) {
            return null;
        }
        try {
            Factories factories = tls.factories(key, now);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    factories.keys == null ? null : factories.keys.getKeyManagers(),
                    factories.trust == null ? null : factories.trust.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new PluginException(key, "cannot be used: " + e.getMessage());
        }
    }

    /// What connections are set up by, for clients that want it in parts; null stands for what the Java runtime
    /// does.
    public record Factories(
            @Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory keys) {}

    /// Reads the files.
    ///
    /// @param key of `tls` in the configuration, for problems
    /// @throws PluginException a file cannot be used
    public Factories factories(String key, Instant now) throws PluginException {
        try {
            return new Factories(authorities(key + ".trust", now), keys(key + ".client-certificate", now));
        } catch (GeneralSecurityException | IOException e) {
            throw new PluginException(key, "cannot be used: " + e.getMessage());
        }
    }

    private @Nullable TrustManagerFactory authorities(String key, Instant now)
            throws PluginException, GeneralSecurityException, IOException {
        if (trust == null) {
            return null;
        }
        KeyStore store = empty();
        List<X509Certificate> authorities = certificates(key, trust);
        for (int i = 0; i < authorities.size(); i++) {
            checkValid(key, trust, authorities.get(i), now);
            store.setCertificateEntry(Integer.toString(i), authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }

    private @Nullable KeyManagerFactory keys(String key, Instant now)
            throws PluginException, GeneralSecurityException, IOException {
        if (clientCertificate == null) {
            return null;
        }
        String chainKey = key + ".chain";
        List<X509Certificate> chain = certificates(chainKey, clientCertificate.chain());
        for (X509Certificate certificate : chain) {
            checkValid(chainKey, clientCertificate.chain(), certificate, now);
        }
        PrivateKey own = privateKey(key + ".key", clientCertificate.key());
        if (!belongTogether(own, chain.getFirst())) {
            throw new PluginException(
                    key + ".key", clientCertificate.key() + ": is not the key of the certificate in `chain`");
        }
        KeyStore store = empty();
        store.setKeyEntry("own", own, IN_MEMORY, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, IN_MEMORY);
        return factory;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<X509Certificate> certificates(String key, Path file) throws PluginException {
        try {
            return read(key, file).certificates();
        } catch (PemException e) {
            throw new PluginException(key, String.valueOf(e.getMessage()));
        }
    }

    private static PrivateKey privateKey(String key, Path file) throws PluginException {
        try {
            return read(key, file).privateKey();
        } catch (PemException e) {
            throw new PluginException(key, String.valueOf(e.getMessage()));
        }
    }

    private static Pem read(String key, Path file) throws PluginException, PemException {
        try {
            return Pem.parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new PluginException(key, file + ": cannot be read: " + e.getMessage());
        }
    }

    private static void checkValid(String key, Path file, X509Certificate certificate, Instant now)
            throws PluginException {
        String which = file + ": the certificate of "
                + certificate.getSubjectX500Principal().getName();
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new PluginException(
                    key, which + " expired at " + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new PluginException(
                    key,
                    which + " is not valid before " + certificate.getNotBefore().toInstant());
        }
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        byte[] sample = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }
}
