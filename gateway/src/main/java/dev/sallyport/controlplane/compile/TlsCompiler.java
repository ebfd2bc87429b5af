package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.controlplane.tls.TlsFiles;
import dev.sallyport.dataplane.tls.ClientCertificates;
import dev.sallyport.dataplane.tls.KeyPairCertificate;
import dev.sallyport.dataplane.tls.ListenerTls;
import dev.sallyport.dataplane.tls.ServerTlsSettings;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.dataplane.tls.TlsException;
import dev.sallyport.dataplane.tls.TlsVersion;
import dev.sallyport.dataplane.tls.UpstreamTls;
import dev.sallyport.dataplane.tls.UpstreamTlsSettings;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles TLS of listeners and upstreams from files that are known to be readable.
final class TlsCompiler {
    private static final String HTTP_1_1 = "http/1.1";
    private static final String H2 = "h2";

    private final TlsEngine engine;
    private final Findings findings;
    private final Instant now;

    /// @param now when certificates must be valid
    TlsCompiler(TlsEngine engine, Findings findings, Instant now) {
        this.engine = engine;
        this.findings = findings;
        this.now = now;
    }

    /// The settings of a listener's TLS, or null when something is wrong.
    @Nullable
    ServerTlsSettings settings(String path, ListenerConfig.Tls config, List<ListenerConfig.Protocol> protocols) {
        List<KeyPairCertificate> certificates = new ArrayList<>();
        for (int i = 0; i < config.certificates().size(); i++) {
            ListenerConfig.Certificate certificate = config.certificates().get(i);
            KeyPairCertificate pair = pair(path + ".certificates[" + i + "]", certificate.chain(), certificate.key());
            if (pair != null) {
                certificates.add(pair);
            }
        }
        ClientCertificates clients = clients(path + ".client-certificate", config.clientCertificate());
        if (certificates.size() < config.certificates().size() || clients == null) {
            return null;
        }
        return new ServerTlsSettings(
                certificates,
                switch (config.unknownName()) {
                    case REFUSE -> ServerTlsSettings.UnknownName.REFUSE;
                    case FIRST_CERTIFICATE -> ServerTlsSettings.UnknownName.FIRST_CERTIFICATE;
                },
                switch (config.minVersion()) {
                    case TLS_1_2 -> TlsVersion.TLS_1_2;
                    case TLS_1_3 -> TlsVersion.TLS_1_3;
                },
                names(protocols),
                clients);
    }

    /// HTTP/2 first, where there is a choice.
    private static List<String> names(List<ListenerConfig.Protocol> protocols) {
        List<String> names = new ArrayList<>();
        if (protocols.contains(ListenerConfig.Protocol.H2)) {
            names.add(H2);
        }
        if (protocols.contains(ListenerConfig.Protocol.HTTP_1_1)) {
            names.add(HTTP_1_1);
        }
        return names;
    }

    private @Nullable ClientCertificates clients(String path, ListenerConfig.ClientCertificate config) {
        Path trust = config.trust();
        if (trust == null) {
            return ClientCertificates.OFF;
        }
        List<X509Certificate> authorities = certificates(path + ".trust", trust);
        if (authorities == null) {
            return null;
        }
        return new ClientCertificates(
                switch (config.mode()) {
                    case OFF -> ClientCertificates.Mode.OFF;
                    case OPTIONAL -> ClientCertificates.Mode.OPTIONAL;
                    case REQUIRED -> ClientCertificates.Mode.REQUIRED;
                },
                authorities);
    }

    /// TLS that serves with `settings`, or null when the engine refuses them.
    @Nullable
    ListenerTls listener(String path, String name, ServerTlsSettings settings) {
        try {
            return new ListenerTls(name, settings, engine);
        } catch (TlsException e) {
            findings.error(path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// TLS towards an upstream, or null when something is wrong.
    @Nullable
    UpstreamTls upstream(String path, UpstreamConfig.@Nullable Tls config, UpstreamConfig.Protocol protocol) {
        UpstreamTlsSettings.Trust trust = new UpstreamTlsSettings.SystemTrust();
        KeyPairCertificate own = null;
        if (config != null) {
            if (config.insecureSkipVerify()) {
                trust = new UpstreamTlsSettings.AnyoneInsecurely();
            } else if (config.trust() != null) {
                List<X509Certificate> authorities = certificates(path + ".trust", config.trust());
                if (authorities == null) {
                    return null;
                }
                trust = new UpstreamTlsSettings.Authorities(authorities);
            }
            UpstreamConfig.KeyPair pair = config.clientCertificate();
            if (pair != null) {
                own = pair(path + ".client-certificate", pair.chain(), pair.key());
                if (own == null) {
                    return null;
                }
            }
        }
        List<String> names = switch (protocol) {
            case AUTO -> List.of(H2, HTTP_1_1);
            case HTTP_1_1 -> List.of(HTTP_1_1);
            case H2 -> List.of(H2);
        };
        try {
            String serverName = config == null ? null : config.serverName();
            return new UpstreamTls(new UpstreamTlsSettings(trust, own, serverName, names), engine);
        } catch (TlsException e) {
            findings.error(path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable KeyPairCertificate pair(String path, Path chain, Path key) {
        try {
            return TlsFiles.certificate(chain, key, now);
        } catch (TlsException e) {
            findings.error(path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable List<X509Certificate> certificates(String path, Path file) {
        try {
            return TlsFiles.certificates(file);
        } catch (TlsException e) {
            findings.error(path, String.valueOf(e.getMessage()));
            return null;
        }
    }
}
