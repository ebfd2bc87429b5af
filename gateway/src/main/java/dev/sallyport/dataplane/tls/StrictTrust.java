package dev.sallyport.dataplane.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The JDK's path validation (RFC 5280) of peers' certificates, and what it lets pass but should not: long chains,
/// SHA-1
/// and MD5 signatures, authorities that act as clients, names with control characters (threat TL-04).
final class StrictTrust extends X509ExtendedTrustManager {
    private static final int MAX_CHAIN = 6;

    private final X509ExtendedTrustManager paths;

    private StrictTrust(X509ExtendedTrustManager paths) {
        this.paths = paths;
    }

    /// Trust in these authorities, or in those of the system when null.
    static StrictTrust in(@Nullable List<X509Certificate> authorities) throws TlsException {
        try {
            KeyStore store = null;
            if (authorities != null) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (int i = 0; i < authorities.size(); i++) {
                    store.setCertificateEntry(Integer.toString(i), authorities.get(i));
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager trust : factory.getTrustManagers()) {
                if (trust instanceof X509ExtendedTrustManager extended) {
                    return new StrictTrust(extended);
                }
            }
            throw new TlsException("this JDK validates no certificate paths");
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new TlsException("the trusted certificates cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkChain(chain);
        checkNames(chain[0], false);
        checkClient(chain[0]);
        paths.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkChain(chain);
        checkNames(chain[0], true);
        paths.checkServerTrusted(chain, authType, engine);
    }

    private void checkChain(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || chain.length > MAX_CHAIN) {
            throw new CertificateException("a chain of " + chain.length + " certificates (at most: " + MAX_CHAIN + ")");
        }
        List<X509Certificate> trusted = Arrays.asList(paths.getAcceptedIssuers());
        for (X509Certificate certificate : chain) {
            String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
            // what is trusted itself is not trusted for its signature
            if ((algorithm.startsWith("SHA1") || algorithm.startsWith("MD")) && !trusted.contains(certificate)) {
                throw new CertificateException("a certificate is signed with " + algorithm);
            }
        }
    }

    private void checkClient(X509Certificate certificate) throws CertificateException {
        if (certificate.getBasicConstraints() >= 0
                && !Arrays.asList(paths.getAcceptedIssuers()).contains(certificate)) {
            throw new CertificateException("the client's certificate is an authority's");
        }
    }

    private static void checkNames(X509Certificate certificate, boolean server) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return;
        }
        for (List<?> name : names) {
            if (name.get(1) instanceof String text) {
                if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                    throw new CertificateParsingException("a name holds a control character");
                }
                if (server && hasPartialWildcard(text)) {
                    throw new CertificateParsingException("a wildcard is not the first label of " + text);
                }
            }
        }
    }

    /// Whether `name` holds a `*` that is not all of its first label (RFC 9525 §6.3); the JDK takes those (RFC
    /// 2818).
    private static boolean hasPartialWildcard(String name) {
        return name.lastIndexOf('*') > 0 || (name.startsWith("*") && !name.startsWith("*."));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return paths.getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a certificate is judged with its connection only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a certificate is judged with its connection only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("a certificate is judged with its connection only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("a certificate is judged with its connection only");
    }
}
