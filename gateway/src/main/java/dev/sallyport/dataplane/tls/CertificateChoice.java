package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Chooses a listener's certificate inside the handshake, by the server name as the TLS engine itself parsed it:
/// however
/// a client cuts its ClientHello, there is one opinion about what it asks for (threat TL-01).
final class CertificateChoice extends X509ExtendedKeyManager {
    private final CertificateTable table;
    private final Map<String, KeyPairCertificate> byAlias = new HashMap<>();
    private final Map<KeyPairCertificate, String> aliases = new HashMap<>();

    CertificateChoice(List<KeyPairCertificate> certificates, CertificateTable table) {
        this.table = table;
        for (KeyPairCertificate certificate : certificates) {
            String alias = Integer.toString(byAlias.size());
            byAlias.put(alias, certificate);
            aliases.put(certificate, alias);
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        if (!(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
            return null;
        }
        CertificateTable.Entry entry = table.find(serverName(engine, session));
        if (entry == null) {
            return null;
        }
        KeyPairCertificate chosen = switch (keyType) {
            case "EC" -> entry.rsa() == null || verifiesEcdsa(session) ? entry.ec() : null;
            case "RSA", "RSASSA-PSS" -> entry.rsa();
            default -> null;
        };
        return chosen == null ? null : aliases.get(chosen);
    }

    /// The name the client asked for, as the engine read it, or null.
    static @Nullable String serverName(SSLEngine engine, ExtendedSSLSession session) {
        if (engine instanceof ReferenceCountedOpenSslEngine boringSsl) {
            // the session's own accessor throws on names the JDK does not like, such as ones with an underscore
            return SSL.getSniHostname(boringSsl.sslPointer());
        }
        for (SNIServerName name : session.getRequestedServerNames()) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return null;
    }

    private static boolean verifiesEcdsa(ExtendedSSLSession session) {
        for (String algorithm : session.getPeerSupportedSignatureAlgorithms()) {
            if (algorithm.endsWith("ECDSA")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        KeyPairCertificate certificate = byAlias.get(alias);
        return certificate == null ? null : certificate.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        KeyPairCertificate certificate = byAlias.get(alias);
        return certificate == null ? null : certificate.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
