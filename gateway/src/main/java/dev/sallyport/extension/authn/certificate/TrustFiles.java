package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Reads authorities and revocation lists from files.
@OffLoop("control threads, when a configuration is compiled")
final class TrustFiles {
    private static final int CRL_SIGN = 6;
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private TrustFiles() {}

    /// The certificates in `path`.
    static List<X509Certificate> authorities(Path path) throws PluginException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate : x509().generateCertificates(in)) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw new PluginException("trust", path + ": holds no certificate (expected: authorities in PEM)");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new PluginException("trust", path + ": holds no certificate (expected: authorities in PEM)");
        } catch (IOException e) {
            throw new PluginException("trust", path + ": cannot be read: " + e.getMessage());
        }
    }

    /// What judges paths to these authorities.
    static X509TrustManager paths(List<X509Certificate> authorities) throws PluginException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager trust : factory.getTrustManagers()) {
                if (trust instanceof X509TrustManager paths) {
                    return paths;
                }
            }
            throw new PluginException("trust", "this JDK validates no certificate paths");
        } catch (IOException | GeneralSecurityException e) {
            throw new PluginException("trust", "cannot be used: " + e.getMessage());
        }
    }

    /// The lists in the files, each verified by one of `authorities`.
    static RevocationLists lists(CertificateConfig.Crl config, List<X509Certificate> authorities, Instant now)
            throws PluginException {
        List<X509CRL> lists = new ArrayList<>();
        for (int i = 0; i < config.files().size(); i++) {
            Path path = config.files().get(i);
            String key = "crl.files[" + i + "]";
            List<X509CRL> found = read(key, path);
            for (X509CRL list : found) {
                String problem = problem(list, authorities, now);
                if (problem != null) {
                    throw new PluginException(key, path + ": " + problem);
                }
            }
            lists.addAll(found);
        }
        return new RevocationLists(lists, config.required());
    }

    private static List<X509CRL> read(String key, Path path) throws PluginException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            List<X509CRL> found = new ArrayList<>();
            for (CRL list : x509().generateCRLs(in)) {
                found.add((X509CRL) list);
            }
            if (found.isEmpty()) {
                throw new PluginException(key, path + ": holds no revocation list (expected: PEM or DER)");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new PluginException(key, path + ": holds no revocation list (expected: PEM or DER)");
        } catch (IOException e) {
            throw new PluginException(key, path + ": cannot be read: " + e.getMessage());
        }
    }

    private static @Nullable String problem(X509CRL list, List<X509Certificate> authorities, Instant now) {
        String issuer = list.getIssuerX500Principal().getName();
        if (list.getNextUpdate() == null) {
            return "the list of " + issuer + " does not say how long it is good (expected: nextUpdate)";
        }
        if (list.getThisUpdate().toInstant().isAfter(now.plus(TOLERANCE))) {
            return "the list of " + issuer + " is of the future: "
                    + list.getThisUpdate().toInstant();
        }
        if (list.getCriticalExtensionOIDs() != null
                && !list.getCriticalExtensionOIDs().isEmpty()) {
            return "the list of " + issuer + " is a delta, an indirect one or a part (expected: a complete list)";
        }
        for (X509Certificate authority : authorities) {
            if (authority.getSubjectX500Principal().equals(list.getIssuerX500Principal()) && signed(authority, list)) {
                return null;
            }
        }
        return "the list of " + issuer + " is signed by none of `trust` that may sign lists";
    }

    private static boolean signed(X509Certificate authority, X509CRL list) {
        boolean[] usage = authority.getKeyUsage();
        if (authority.getBasicConstraints() < 0 || (usage != null && !usage[CRL_SIGN])) {
            return false;
        }
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException notByThisKey) {
            return false;
        }
    }

    private static CertificateFactory x509() throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509");
    }
}
