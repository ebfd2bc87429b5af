package dev.sallyport.controlplane.posture;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.controlplane.posture.Rule.Report;
import java.util.List;

/// What is looked for in listeners.
final class ListenerRules {
    private static final int WIDE_IPV4 = 8;
    private static final int WIDE_IPV6 = 32;

    static final List<Rule> ALL = List.of(
            new Rule(
                    "SP-A040",
                    "PlainListener",
                    Severity.MEDIUM,
                    "A port without TLS that other machines reach.",
                    "Credentials and contents can be read and changed on the way.",
                    "`tls`, or a loopback address behind a proxy on this machine.",
                    (subject, report) -> subject.listeners((path, listener) -> {
                        if (listener.tls() == null && !listener.bind().isLoopback()) {
                            report.found(path + ".bind", listener.bind() + " without `tls`");
                        }
                    })),
            new Rule(
                    "SP-A041",
                    "OldTlsVersion",
                    Severity.LOW,
                    "TLS 1.2 is taken.",
                    "TLS 1.3 hides more of the handshake and leaves less to get wrong; few clients cannot do it.",
                    "`min-version: TLSv1.3`.",
                    (subject, report) -> subject.listeners((path, listener) -> {
                        if (listener.tls() != null
                                && listener.tls().minVersion() == ListenerConfig.TlsVersion.TLS_1_2) {
                            report.found(path + ".tls.min-version", "TLSv1.2");
                        }
                    })),
            new Rule(
                    "SP-A042",
                    "NoClientCertificates",
                    Severity.INFO,
                    "A TLS port that asks for no client certificates.",
                    "Between services, certificates keep strangers out before a request is read.",
                    "`tls.client-certificate` with mode optional or required, where clients can have certificates.",
                    (subject, report) -> subject.listeners((path, listener) -> {
                        if (listener.tls() != null
                                && listener.tls().clientCertificate().mode() == ListenerConfig.Mode.OFF) {
                            report.found(path + ".tls.client-certificate", "mode: off");
                        }
                    })),
            new Rule(
                    "SP-A043",
                    "EverybodyIsTrustedProxy",
                    Severity.HIGH,
                    "Every peer is believed what it says of the client.",
                    "With one header field anybody has any address: address rules, limits and the log are worth nothing.",
                    "The addresses of your proxies.",
                    (subject, report) -> proxies(subject, report, true)),
            new Rule(
                    "SP-A044",
                    "ManyTrustedProxies",
                    Severity.MEDIUM,
                    "A very wide range of peers is believed what they say of the client.",
                    "Every machine in it can claim any client address.",
                    "The addresses of your proxies.",
                    (subject, report) -> proxies(subject, report, false)),
            new Rule(
                    "SP-A045",
                    "CertificateForUnknownNames",
                    Severity.INFO,
                    "Clients that ask for an unknown name get a certificate.",
                    "It tells scanners which names this address serves.",
                    "`unknown-name: refuse`.",
                    (subject, report) -> subject.listeners((path, listener) -> {
                        if (listener.tls() != null
                                && listener.tls().unknownName() == ListenerConfig.UnknownName.FIRST_CERTIFICATE) {
                            report.found(path + ".tls.unknown-name", "first-certificate");
                        }
                    })));

    private ListenerRules() {}

    private static void proxies(Subject subject, Report report, boolean everybody) {
        subject.listeners((path, listener) -> {
            for (int i = 0; i < listener.trustedProxies().size(); i++) {
                AddressRange range = listener.trustedProxies().get(i);
                int prefix = prefix(range);
                int wide = range.toString().indexOf(':') >= 0 ? WIDE_IPV6 : WIDE_IPV4;
                if (everybody ? prefix == 0 : prefix > 0 && prefix < wide) {
                    report.found(path + ".trusted-proxies[" + i + "]", range.toString());
                }
            }
        });
    }

    private static int prefix(AddressRange range) {
        String text = range.toString();
        int slash = text.indexOf('/');
        return slash < 0 ? Integer.MAX_VALUE : Integer.parseInt(text.substring(slash + 1));
    }
}
