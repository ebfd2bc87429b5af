package dev.sallyport.controlplane.compile;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.AdminConfig;
import dev.sallyport.controlplane.config.BindAddress;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.dataplane.tls.ListenerTls;
import dev.sallyport.dataplane.tls.ServerTlsSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles listeners, and judges all ports together.
final class ListenerCompiler {
    private final TlsCompiler tls;
    private final Findings findings;
    private final ReferredFiles files;

    ListenerCompiler(TlsCompiler tls, Findings findings, ReferredFiles files) {
        this.tls = tls;
        this.findings = findings;
        this.files = files;
    }

    List<BuiltListener> compile(GatewayConfig config, @Nullable Compiled previous) {
        checkPorts(config);
        List<BuiltListener> built = new ArrayList<>();
        config.listeners().forEach((name, listener) -> {
            BuiltListener one = listener(name, listener, previous == null ? null : previous.listener(name));
            if (one != null) {
                built.add(one);
            }
        });
        return built;
    }

    private void checkPorts(GatewayConfig config) {
        if (findings.configuredEmpty("listeners")) {
            findings.error("listeners", "none", "expected: at least one");
        }
        AdminConfig admin = config.admin();
        if (!admin.bind().isLoopback() && admin.token() == null) {
            findings.error(
                    "admin.bind",
                    admin.bind() + " without a token",
                    "expected: `token: \"${file:…}\"` beside it, or a loopback address such as 127.0.0.1:9901");
        }
        Map<String, BindAddress> taken = new LinkedHashMap<>();
        taken.put("admin", admin.bind());
        config.listeners().forEach((name, listener) -> {
            String path = "listeners." + name;
            taken.forEach((other, address) -> {
                if (address.clashesWith(listener.bind())) {
                    findings.error(
                            path + ".bind",
                            listener.bind() + " clashes with " + other + " (" + address + ")",
                            "expected: another port");
                }
            });
            taken.put(path, listener.bind());
        });
    }

    private @Nullable BuiltListener listener(String name, ListenerConfig config, @Nullable BuiltListener previous) {
        String path = "listeners." + name;
        int before = findings.count();
        String seen = seen(path, config);
        if (findings.count() > before) {
            return null;
        }
        if (previous != null
                && previous.config().equals(config)
                && previous.seen().equals(seen)) {
            return previous;
        }
        ListenerTls serving = null;
        ServerTlsSettings renewed = null;
        if (config.tls() != null) {
            renewed = tls.settings(path + ".tls", config.tls(), config.spoken());
            if (renewed == null) {
                return null;
            }
            // made in any case: what the engine refuses must be known before anything is put into use
            serving = tls.listener(path + ".tls", name, renewed);
            if (serving == null) {
                return null;
            }
            if (previous != null && previous.tls() != null) {
                serving = previous.tls();
            }
        }
        ListenerSettings settings = new ListenerSettings(
                new ClientConnection.Listener(name, config.trustedProxies(), config.publicUrl()),
                config.bind().socketAddress(),
                protocols(config),
                serving,
                limits(config.limits()));
        return new BuiltListener(settings, config, seen, serving, renewed);
    }

    private String seen(String path, ListenerConfig config) {
        ListenerConfig.Tls tlsConfig = config.tls();
        if (tlsConfig == null) {
            return "";
        }
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < tlsConfig.certificates().size(); i++) {
            ListenerConfig.Certificate certificate = tlsConfig.certificates().get(i);
            String at = path + ".tls.certificates[" + i + "]";
            seen.append(files.digest(at + ".chain", certificate.chain()))
                    .append(files.digest(at + ".key", certificate.key()));
        }
        return seen.append(files.digest(
                        path + ".tls.client-certificate.trust",
                        tlsConfig.clientCertificate().trust()))
                .toString();
    }

    private static Set<ListenerSettings.Protocol> protocols(ListenerConfig config) {
        Set<ListenerSettings.Protocol> protocols = new LinkedHashSet<>();
        for (ListenerConfig.Protocol protocol : config.spoken()) {
            protocols.add(
                    switch (protocol) {
                        case HTTP_1_1 -> ListenerSettings.Protocol.HTTP_1_1;
                        case H2 -> ListenerSettings.Protocol.HTTP_2;
                    });
        }
        return protocols;
    }

    private static ListenerSettings.Limits limits(ListenerConfig.Limits limits) {
        return new ListenerSettings.Limits(
                (int) limits.head().octets(),
                limits.headers(),
                limits.body().octets(),
                limits.headTimeout().toNanos(),
                limits.bodyMinRate().perSecond().octets(),
                limits.idleTimeout().toNanos(),
                limits.connections(),
                limits.connectionsPerAddress(),
                limits.handshakes(),
                limits.handshakesPerAddress(),
                limits.streamsPerConnection());
    }
}
