package dev.sallyport.dataplane.tls;

import dev.sallyport.testing.TestCertificates.Issued;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Settings and clients as the tests of this package need them.
final class TestTls {
    private TestTls() {}

    static KeyPairCertificate certificate(Issued bundle) throws TlsException {
        return KeyPairCertificate.of("test", bundle.chain(), bundle.key(), Instant.now());
    }

    static ServerTlsSettings settings(Issued... bundles) throws TlsException {
        return settings(ClientCertificates.OFF, bundles);
    }

    static ServerTlsSettings settings(ClientCertificates clients, Issued... bundles) throws TlsException {
        KeyPairCertificate[] certificates = new KeyPairCertificate[bundles.length];
        for (int i = 0; i < bundles.length; i++) {
            certificates[i] = certificate(bundles[i]);
        }
        return new ServerTlsSettings(
                Arrays.asList(certificates),
                ServerTlsSettings.UnknownName.REFUSE,
                TlsVersion.TLS_1_2,
                List.of("h2", "http/1.1"),
                clients);
    }

    /// A client context that trusts `authority` and shows `own`.
    static SSLContext client(X509Certificate authority, @Nullable Issued own) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("ca", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            KeyManagerFactory keys = own == null ? null : own.keys();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /// An engine that asks for `name`, or for none when null; it resumes sessions of engines that asked for the same.
    static SSLEngine engine(SSLContext context, @Nullable String name, String... protocols) {
        SSLEngine engine = context.createSSLEngine("to-" + name, 1);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// The first DNS name of the certificate the server showed.
    static String shown(TlsPeer peer) throws Exception {
        X509Certificate certificate =
                (X509Certificate) peer.engine().getSession().getPeerCertificates()[0];
        return (String)
                certificate.getSubjectAlternativeNames().iterator().next().get(1);
    }
}
