package dev.sallyport.controlplane.posture;

import dev.sallyport.controlplane.config.EndpointUrl;
import dev.sallyport.controlplane.config.UpstreamConfig;
import java.util.List;

/// What is looked for in upstreams.
final class UpstreamRules {
    static final List<Rule> ALL = List.of(
            new Rule(
                    "SP-A050",
                    "PlainUpstream",
                    Severity.MEDIUM,
                    "An upstream that is spoken to without TLS beyond this machine.",
                    "What the gateway checked can be read and changed behind it, and the upstream may be another.",
                    "`https` endpoints.",
                    (subject, report) -> subject.upstreams((path, upstream) -> {
                        for (int i = 0; i < upstream.endpoints().size(); i++) {
                            EndpointUrl url = upstream.endpoints().get(i).url();
                            if (!url.secure() && !Subject.isLoopback(url.host())) {
                                report.found(path + ".endpoints[" + i + "]", url.toString());
                            }
                        }
                    })),
            new Rule(
                    "SP-A051",
                    "UpstreamByAnyAuthority",
                    Severity.INFO,
                    "An upstream is believed with a certificate of any public authority.",
                    "Whoever gets one of them to issue a certificate for the name can be the upstream.",
                    "`tls.trust` with the authority that issues for this upstream.",
                    (subject, report) -> subject.upstreams((path, upstream) -> {
                        UpstreamConfig.Tls tls = upstream.tls();
                        boolean verified = tls == null || !tls.insecureSkipVerify();
                        if (upstream.secure() && verified && (tls == null || tls.trust() == null)) {
                            report.found(path, "no `tls.trust`");
                        }
                    })),
            new Rule(
                    "SP-A052",
                    "UpstreamNotVerified",
                    Severity.HIGH,
                    "An upstream that is believed with any certificate.",
                    "Whoever answers is the upstream: TLS protects from nobody who can answer.",
                    "`tls.trust` with the authority that issued the certificate, and no `insecure-skip-verify`.",
                    (subject, report) -> subject.upstreams((path, upstream) -> {
                        if (upstream.tls() != null && upstream.tls().insecureSkipVerify()) {
                            report.found(path + ".tls.insecure-skip-verify", "true");
                        }
                    })));

    private UpstreamRules() {}

    /// Whether what is sent to `upstream` leaves this machine without TLS.
    static boolean isExposed(UpstreamConfig upstream) {
        return upstream.endpoints().stream()
                .anyMatch(one ->
                        !one.url().secure() && !Subject.isLoopback(one.url().host()));
    }
}
