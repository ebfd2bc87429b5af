package dev.sallyport.extension.observe.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.observe.audit.Verification.Options;
import dev.sallyport.extension.observe.audit.Verification.Result;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Audit logs for tests: made, read, verified.
final class Logged {
    static final String KEY = "0123456789abcdef0123456789abcdef";
    static final AuditSettings DENIALS = new AuditSettings(false, Set.of(), 1 << 30, AuditSettings.ALL);
    static final AuditSettings ALL = new AuditSettings(true, Set.of(), 1 << 30, AuditSettings.ALL);
    static final Refusal DENIED = Refusal.of(403, "role-missing", "Forbidden", "No.");

    private Logged() {}

    static AuditLog open(Path file, AuditSettings settings) {
        return open(file, settings, null, EventLog.SILENT);
    }

    static AuditLog open(Path file, AuditSettings settings, @Nullable String key, EventLog events) {
        try {
            return new AuditLog(AuditFile.open(file, key), settings, 2, 64, events);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes a log of `count` denials, opened and closed around them.
    static void write(Path file, int count) {
        try (AuditLog log = open(file, DENIALS)) {
            for (int i = 0; i < count; i++) {
                log.record(denied("/" + i));
            }
        }
    }

    static Exchange denied(String path) {
        return refused(Exchanges.request().path(path), DENIED);
    }

    /// A denial of a client of its own.
    static Exchange deniedTo(int client) {
        return refused(
                Exchanges.request()
                        .client(Exchanges.address("198.51.100." + client))
                        .path("/" + client),
                DENIED);
    }

    static Exchange refused(Exchanges request, Refusal refusal) {
        Exchange exchange = request.ended("orders", "/{x}", refusal.status());
        exchange.configVersion("3-abc");
        exchange.refused(refusal);
        return exchange;
    }

    static Exchange allowed(String route, String path) {
        Exchange exchange = Exchanges.request().path(path).ended(route, "/{x}", 200);
        exchange.admitted("authenticated", new Principal("alice", "staff", Set.of()));
        return exchange;
    }

    static List<Map<String, Object>> entries(Path file) {
        try {
            return Json.lines(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Object> events(Path file) {
        return entries(file).stream().map(entry -> entry.get("event")).toList();
    }

    static Result verify(Path... files) {
        return verify(new Options(List.of(), null, null, true), files);
    }

    static Result verify(Options options, Path... files) {
        try {
            return Verification.of(List.of(files), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertWhole(Path... files) {
        assertThat(verify(files).problems()).isEmpty();
    }
}
