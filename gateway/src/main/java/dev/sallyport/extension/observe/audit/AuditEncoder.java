package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.LogField;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes entries as lines of JSON, each sealed to the one before it. What a client sent and is not needed to tell who
/// asked for what, such as queries and header fields, is not written at all. Confined to one thread.
@OffLoop("the thread of the audit log")
final class AuditEncoder {
    private static final int LONGEST_NOTE = 4096;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// Members that every line has; a note cannot have them a second time.
    private static final Set<String> OWN = Set.of("sequence", "time", "event", "hash");

    private final ReceivedText received = new ReceivedText(List.of(), List.of());

    /// Adds the line of a finished request.
    void encode(Exchange exchange, AuditEntry kind, JsonLine line, Chain chain) {
        int start = line.length();
        begin(line, chain, exchange.startedAtEpochMillis(), kind.code());
        text(line, LogField.CLIENT_ADDRESS, exchange.clientAddress().getHostAddress());
        if (exchange.clientAddress().equals(exchange.connection().peer().getAddress())) {
            number(
                    line,
                    LogField.CLIENT_PORT.otel(),
                    exchange.connection().peer().getPort());
        } else {
            text(
                    line,
                    LogField.PEER_ADDRESS,
                    exchange.connection().peer().getAddress().getHostAddress());
        }
        CanonicalRequest request = exchange.request();
        text(line, LogField.METHOD, request.method().name());
        text(line, LogField.SCHEME, request.scheme());
        text(line, LogField.SERVER_ADDRESS, request.authority().host());
        name(line, LogField.PATH.otel());
        received.path(line, request.path(), exchange.routePath());
        number(line, LogField.STATUS.otel(), exchange.status());
        text(line, LogField.LISTENER, exchange.connection().listener());
        text(line, LogField.ROUTE, exchange.route());
        text(line, LogField.REASON, reason(exchange));
        text(line, LogField.RULE, exchange.admittedBy());
        Principal principal = exchange.principal();
        if (principal != null) {
            text(line, LogField.PRINCIPAL, ReceivedText.cut(principal.id()));
            text(line, LogField.AUTHENTICATOR, principal.authenticator());
            String credential = principal.credential().id();
            text(line, LogField.CREDENTIAL_ID, credential == null ? null : ReceivedText.cut(credential));
        }
        text(line, LogField.CONFIG_VERSION, exchange.configVersion());
        name(line, LogField.REQUEST_ID.otel());
        line.raw('"');
        line.hex(exchange.requestIdHigh());
        line.hex(exchange.requestIdLow());
        line.raw('"');
        name(line, LogField.DURATION.otel());
        line.millis(exchange.endedAt() - exchange.startedAt());
        chain.seal(line, start);
    }

    /// Why it was refused or ended, or null.
    static @Nullable String reason(Exchange exchange) {
        Refusal refusal = exchange.refusal();
        Failure failure = exchange.failure();
        return refusal != null ? refusal.code() : failure == null ? null : failure.code();
    }

    /// Adds the line of something else.
    void encode(Note note, JsonLine line, Chain chain) {
        int start = line.length();
        begin(line, chain, note.epochMillis(), note.code());
        @Nullable Object[] pairs = note.keysAndValues();
        for (int i = 0; i < pairs.length; i += 2) {
            String key = String.valueOf(pairs[i]);
            name(line, OWN.contains(key) ? "event." + key : key);
            if (pairs[i + 1] instanceof String text && key.equals(LogField.PATH.otel())) {
                received.text(line, text);
            } else if (pairs[i + 1] instanceof String text && key.equals(LogField.QUERY.otel())) {
                received.query(line, text);
            } else {
                value(line, pairs[i + 1]);
            }
        }
        chain.seal(line, start);
    }

    private static void begin(JsonLine line, Chain chain, long epochMillis, String code) {
        chain.begin(line);
        name(line, "time");
        quoted(line, time(epochMillis));
        name(line, "event");
        quoted(line, code);
    }

    /// A time as entries tell it.
    static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis));
    }

    private static void value(JsonLine line, @Nullable Object value) {
        switch (value) {
            case null -> line.text("null");
            case Integer number -> line.number(number);
            case Long number -> line.number(number);
            case Boolean flag -> line.text(flag.toString());
            case Throwable thrown -> quoted(line, cut(thrown.getClass().getName() + ": " + thrown.getMessage()));
            default -> quoted(line, cut(value.toString()));
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_NOTE ? text : text.substring(0, LONGEST_NOTE) + '…';
    }

    private static void text(JsonLine line, LogField field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            name(line, field.otel());
            quoted(line, value);
        }
    }

    private static void number(JsonLine line, String name, long value) {
        name(line, name);
        line.number(value);
    }

    private static void name(JsonLine line, String name) {
        line.raw(',');
        quoted(line, name);
        line.raw(':');
    }

    private static void quoted(JsonLine line, String value) {
        line.raw('"');
        line.text(value);
        line.raw('"');
    }
}
