package dev.sallyport.controlplane.admin;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.reload.ConfigVersion;
import dev.sallyport.controlplane.reload.ReloadStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/// The status as people read it in a terminal.
final class StatusText {
    private StatusText() {}

    static String of(ReloadStatus status, Operation operation, Instant now, String product) {
        StringBuilder text = new StringBuilder();
        line(text, product, operation.readiness().word() + ", up " + age(Duration.between(operation.startedAt(), now)));
        ConfigVersion version = status.version();
        if (version != null) {
            line(
                    text,
                    "configuration",
                    version.name() + ", in use for " + age(Duration.between(version.loadedAt(), now)));
        }
        for (Map.Entry<String, InetSocketAddress> listener : new TreeMap<>(operation.listeners()).entrySet()) {
            line(text, "listener " + listener.getKey(), address(listener.getValue()));
        }
        Operation.AuditLog audit = operation.auditLog();
        if (audit != null) {
            line(text, "audit log", audit.state() + ", last entry " + audit.sequence() + ":" + audit.hash());
        }
        for (ConfigProblem warning : status.warnings()) {
            line(text, "warning", warning.toString());
        }
        ReloadStatus.RefusedAttempt refused = status.refused();
        if (refused != null) {
            line(
                    text,
                    "refused",
                    "the reload of " + refused.at().truncatedTo(ChronoUnit.SECONDS) + " (by "
                            + refused.by().word() + "); what is in use is older");
            for (ConfigProblem problem : refused.problems()) {
                text.append("  ").append(problem).append('\n');
            }
        }
        return text.toString();
    }

    static String address(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(what).append(": ").append(value).append('\n');
    }

    /// The two largest units of a time: `3d 4h`, `2m 5s`, `12s`.
    static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        }
        if (age.toMinutes() > 0) {
            return age.toMinutes() + "m " + age.toSecondsPart() + "s";
        }
        return age.toSeconds() + "s";
    }
}
