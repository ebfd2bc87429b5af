package dev.sallyport.controlplane.posture;

import dev.sallyport.controlplane.config.AdminConfig;
import java.util.List;

/// What is looked for in how the gateway is operated and watched.
final class OperationRules {
    static final List<Rule> ALL = List.of(
            new Rule(
                    "SP-A060",
                    "AdminExposed",
                    Severity.MEDIUM,
                    "The port for operators can be reached from other machines.",
                    "It speaks plain HTTP: its token can be read on the way, and whoever has it can revoke, reload and read the configuration.",
                    "`admin.bind` on loopback, reached by a tunnel or a proxy with TLS on this machine.",
                    (subject, report) -> {
                        AdminConfig admin = subject.config().admin();
                        if (!admin.bind().isLoopback()) {
                            report.found("admin.bind", admin.bind().toString());
                        }
                    }),
            new Rule(
                    "SP-A061",
                    "AdminTokenPrinted",
                    Severity.INFO,
                    "The token for operators is made and printed at each start.",
                    "It ends up where the gateway's output goes.",
                    "`admin.token: ${file:…}`.",
                    (subject, report) -> {
                        if (subject.config().admin().token() == null) {
                            report.found("admin", "no `token`");
                        }
                    }),
            new Rule(
                    "SP-A062",
                    "NoAccessLog",
                    Severity.MEDIUM,
                    "Nothing is logged of requests.",
                    "Nobody can tell afterwards who did what, or that something was tried.",
                    "`observe.access-log.to: stdout`, or a file.",
                    (subject, report) -> {
                        if (!subject.config().observe().accessLog().on()) {
                            report.found("observe.access-log.to", "off");
                        }
                    }),
            new Rule(
                    "SP-A063",
                    "StateUnencrypted",
                    Severity.MEDIUM,
                    "Shared state is asked without TLS, at another machine.",
                    "Whoever is on the way can read the password, keep marks from being set and answer that a token was not used.",
                    "`rediss://`, or a server on this machine.",
                    (subject, report) -> subject.stateServers((path, server) -> {
                        if (server.startsWith("redis://") && !Subject.isLoopback(host(server))) {
                            report.found(path, server);
                        }
                    })));

    private OperationRules() {}

    private static String host(String server) {
        return server.substring("redis://".length(), server.lastIndexOf(':'));
    }
}
