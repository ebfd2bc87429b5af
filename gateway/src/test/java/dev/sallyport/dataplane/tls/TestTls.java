package dev.sallyport.dataplane.tls;

import dev.sallyport.testing.TestCertificates.Issued;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
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
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : new KeyManager[] {new AlwaysShown(own)}, trust.getTrustManagers(), null);
            return context;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Shows a certificate whatever the server asks for.
    private static final class AlwaysShown extends X509ExtendedKeyManager {
        private final Issued own;

        AlwaysShown(Issued own) {
            this.own = own;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {"own"};
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return own.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }

    /// An engine that asks for `name`, or for none when null; it resumes sessions of engines that asked for the
    /// same.
    static SSLEngine engine(SSLContext context, @Nullable String name, String... protocols) {
        SSLEngine engine = context.createSSLEngine("to-" + name, 1);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// Makes it time for the next ticket key and returns what the time is then.
    static long rotate(TicketKeys keys, ServerContext context, long now) {
        long later = now + TimeUnit.HOURS.toNanos(8) + 1;
        context.rotate(keys, later);
        return later;
    }

    /// The first DNS name of the certificate the server showed.
    static String shown(TlsPeer peer) throws Exception {
        X509Certificate certificate =
                (X509Certificate) peer.engine().getSession().getPeerCertificates()[0];
        return (String)
                certificate.getSubjectAlternativeNames().iterator().next().get(1);
    }
}
