package dev.sallyport.extension.observe;

import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.LogField;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes one request as one line of JSON, by hand and without garbage; confined to one thread.
///
/// Bytes are put together instead of strings because this is done for every request of every event loop:
/// `RecordBenchmark` says what it costs.
public final class LineEncoder {
    private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ECS_CONSTANTS =
            ",\"ecs.version\":\"9.1.0\",\"event.kind\":\"event\",\"event.category\":[\"web\"]"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final String TLS_PREFIX = "TLSv";
    private static final int REMEMBERED = 16;

    private final boolean ecs;
    private final ReceivedText received;
    private final byte[][] keys = new byte[LogField.values().length][];
    private final String[] headers;
    private final byte[][] headerKeys;
    private final @Nullable Entry[][] remembered = new Entry[LogField.values().length][REMEMBERED];
    private final byte[] second = new byte["2026-11-25T04:00:00".length()];
    private long secondSinceEpoch = Long.MIN_VALUE;

    /// A field with its value as it stands in a line.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Entry(String value, byte[] encoded) {}

    public LineEncoder(AccessLogSettings settings) {
        ecs = settings.format() == AccessLogSettings.Format.ECS;
        received = new ReceivedText(settings.secretHeaders(), settings.secretParameters());
        for (LogField field : LogField.values()) {
            keys[index(field)] = key(name(field));
        }
        headers = settings.headers().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .toArray(String[]::new);
        headerKeys = new byte[headers.length][];
        for (int i = 0; i < headers.length; i++) {
            headerKeys[i] = key(name(LogField.REQUEST_HEADER).replace("NAME", headers[i]));
        }
    }

    private String name(LogField field) {
        return ecs ? field.ecs() : field.otel();
    }

    private static byte[] key(String name) {
        JsonLine key = new JsonLine(64);
        key.raw(',');
        key.raw('"');
        key.text(name);
        key.raw('"');
        key.raw(':');
        return Arrays.copyOf(key.bytes(), key.length());
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    private static int index(LogField field) {
        return field.ordinal();
    }

    /// Adds the line of a finished exchange.
    public void encode(Exchange exchange, JsonLine line) {
        Outcome outcome = Outcome.of(exchange);
        String reason = Outcome.reason(exchange);
        ClientConnection connection = exchange.connection();
        CanonicalRequest request = exchange.request();
        begin(line, exchange.startedAtEpochMillis(), severity(outcome, exchange.failure(), exchange.status()));
        client(line, exchange);
        request(line, request, connection);
        text(line, LogField.ROUTE_PATH, exchange.routePath());
        positive(line, LogField.STATUS, exchange.status());
        number(line, LogField.REQUEST_BYTES, exchange.requestBytes());
        number(line, LogField.RESPONSE_BYTES, exchange.responseBytes());
        int agent = request.headers().indexOf(FieldName.USER_AGENT);
        if (agent >= 0) {
            line.raw(keys[index(LogField.USER_AGENT)]);
            received.value(line, request.headers(), agent);
        }
        ids(line, exchange);
        text(line, LogField.ERROR_TYPE, Outcome.errorType(outcome, reason, exchange.status()));
        long duration = Math.max(0, exchange.endedAt() - exchange.startedAt());
        if (ecs) {
            number(line, LogField.DURATION, duration);
            text(line, LogField.OUTCOME, outcome == Outcome.ALLOWED && exchange.status() < 500 ? "success" : "failure");
        } else {
            millis(line, LogField.DURATION, duration);
        }
        text(line, LogField.LISTENER, connection.listener());
        text(line, LogField.ROUTE, exchange.route());
        text(line, LogField.DECISION, outcome.label());
        text(line, LogField.REASON, reason);
        text(line, LogField.RULE, exchange.deniedBy().isEmpty() ? exchange.admittedBy() : exchange.deniedBy());
        text(line, LogField.SHADOW_RULE, exchange.shadowDeniedBy());
        text(line, LogField.LIMIT, exchange.limitedBy());
        text(line, LogField.SHADOW_LIMIT, exchange.shadowLimitedBy());
        text(line, LogField.OVERLOAD, exchange.overloadedBy());
        conduct(line, exchange.conduct());
        positive(line, LogField.LEFT_OUT, exchange.leftOutBefore());
        Principal principal = exchange.principal();
        if (principal != null) {
            cutText(line, LogField.PRINCIPAL, principal.id());
            roles(line, principal);
            text(line, LogField.AUTHENTICATOR, principal.authenticator());
            String credential = principal.credential().id();
            if (credential != null) {
                cutText(line, LogField.CREDENTIAL_ID, credential);
            }
        }
        upstream(line, exchange, duration);
        text(line, LogField.CONFIG_VERSION, exchange.configVersion());
        chosenHeaders(line, request.headers());
        line.raw(END);
    }

    private void conduct(JsonLine line, Conduct conduct) {
        if (conduct.level() != Level.NORMAL) {
            text(line, LogField.BEHAVIOUR_LEVEL, conduct.level().label());
        }
        positive(line, LogField.BEHAVIOUR_SCORE, (long) Math.ceil(conduct.score()));
    }

    /// Adds the caller's roles, as many as fit in the length of one value.
    private void roles(JsonLine line, Principal principal) {
        if (principal.roles().isEmpty()) {
            return;
        }
        line.raw(keys[index(LogField.ROLES)]);
        line.raw('[');
        int left = ReceivedText.LONGEST_VALUE;
        String separator = "";
        for (String role : principal.roles()) {
            left -= role.length();
            if (left < 0) {
                line.text(separator);
                quoted(line, "[truncated]");
                break;
            }
            line.text(separator);
            quoted(line, role);
            separator = ",";
        }
        line.raw(']');
    }

    /// Adds the line of a request that could not be understood.
    void encode(AccessLog.Malformed malformed, JsonLine line) {
        ClientConnection connection = malformed.connection();
        begin(line, malformed.epochMillis(), "WARN");
        line.raw(keys[index(LogField.CLIENT_ADDRESS)]);
        octets(line, connection.peerText());
        number(line, LogField.CLIENT_PORT, connection.peer().getPort());
        tls(line, connection);
        number(line, LogField.STATUS, malformed.fault().status());
        text(line, LogField.ERROR_TYPE, malformed.fault().code());
        if (ecs) {
            text(line, LogField.OUTCOME, "failure");
        }
        text(line, LogField.LISTENER, connection.listener());
        text(line, LogField.DECISION, Outcome.MALFORMED.label());
        text(line, LogField.REASON, malformed.fault().code());
        line.raw(END);
    }

    private static String severity(Outcome outcome, @Nullable Failure failure, int status) {
        if (status >= 500 || (outcome == Outcome.FAILED && failure != null && !Outcome.byClient(failure))) {
            return "ERROR";
        }
        return outcome == Outcome.ALLOWED ? "INFO" : "WARN";
    }

    private void begin(JsonLine line, long epochMillis, String severity) {
        int start = line.length();
        line.raw(keys[index(LogField.TIMESTAMP)]);
        line.bytes()[start] = '{';
        line.raw('"');
        long epochSecond = Math.floorDiv(epochMillis, 1000L);
        if (epochSecond != secondSinceEpoch) {
            secondSinceEpoch = epochSecond;
            byte[] text = Instant.ofEpochSecond(epochSecond).toString().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, second, 0, second.length);
        }
        line.raw(second);
        line.raw('.');
        line.digits(epochMillis - epochSecond * 1000, 3);
        line.raw('Z');
        line.raw('"');
        text(line, LogField.SEVERITY, severity);
        if (ecs) {
            line.raw(ECS_CONSTANTS);
        }
    }

    private void client(JsonLine line, Exchange exchange) {
        ClientConnection connection = exchange.connection();
        line.raw(keys[index(LogField.CLIENT_ADDRESS)]);
        if (exchange.clientAddress().equals(connection.peer().getAddress())) {
            octets(line, connection.peerText());
            number(line, LogField.CLIENT_PORT, connection.peer().getPort());
        } else {
            quoted(line, exchange.clientAddress().getHostAddress());
            line.raw(keys[index(LogField.PEER_ADDRESS)]);
            octets(line, connection.peerText());
        }
    }

    private void tls(JsonLine line, ClientConnection connection) {
        String version = connection.tlsVersion();
        if (version != null) {
            text(line, LogField.TLS_VERSION, version);
        }
    }

    private void request(JsonLine line, CanonicalRequest request, ClientConnection connection) {
        text(line, LogField.PROTOCOL_VERSION, request.version().label());
        tls(line, connection);
        text(line, LogField.METHOD, request.method().name());
        text(line, LogField.SCHEME, request.scheme());
        anyText(line, LogField.SERVER_ADDRESS, request.authority().host());
        if (request.authority().port() >= 0) {
            number(line, LogField.SERVER_PORT, request.authority().port());
        }
        line.raw(keys[index(LogField.PATH)]);
        received.text(line, request.path());
        String query = request.query();
        if (query != null) {
            line.raw(keys[index(LogField.QUERY)]);
            received.query(line, query);
        }
    }

    private void ids(JsonLine line, Exchange exchange) {
        TraceContext trace = exchange.trace();
        line.raw(keys[index(LogField.TRACE_ID)]);
        line.raw('"');
        line.hex(trace.traceIdHigh());
        line.hex(trace.traceIdLow());
        line.raw('"');
        line.raw(keys[index(LogField.SPAN_ID)]);
        line.raw('"');
        line.hex(trace.spanId());
        line.raw('"');
        line.raw(keys[index(LogField.REQUEST_ID)]);
        line.raw('"');
        line.hex(exchange.requestIdHigh());
        line.hex(exchange.requestIdLow());
        line.raw('"');
    }

    private void upstream(JsonLine line, Exchange exchange, long duration) {
        long forwardedAt = exchange.forwardedAt();
        if (forwardedAt == 0) {
            millis(line, LogField.OVERHEAD, duration);
            return;
        }
        text(line, LogField.UPSTREAM, exchange.upstream());
        text(line, LogField.UPSTREAM_ADDRESS, exchange.endpoint());
        number(line, LogField.ATTEMPTS, exchange.attempts());
        positive(line, LogField.UPSTREAM_STATUS, exchange.upstreamStatus());
        millis(line, LogField.OVERHEAD, forwardedAt - exchange.startedAt());
        long until = exchange.respondedAt() == 0 ? exchange.endedAt() : exchange.respondedAt();
        millis(line, LogField.UPSTREAM_DURATION, until - forwardedAt);
    }

    private void chosenHeaders(JsonLine line, Headers of) {
        for (int i = 0; i < headers.length; i++) {
            int found = of.indexOf(headers[i], 0);
            if (found < 0) {
                continue;
            }
            line.raw(headerKeys[i]);
            line.raw('[');
            if (received.secretHeader(headers[i])) {
                line.raw('"');
                Redaction.redacted(line);
                line.raw('"');
            } else {
                received.value(line, of, found);
                while ((found = of.indexOf(headers[i], found + 1)) >= 0) {
                    line.raw(',');
                    received.value(line, of, found);
                }
            }
            line.raw(']');
        }
    }

    /// Adds a field whose value is one of few, such as the name of a route: most are copied as they were last
    /// encoded.
    private void text(JsonLine line, LogField field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        @Nullable Entry[] entries = remembered[index(field)];
        int slot = value.hashCode() & (REMEMBERED - 1);
        Entry entry = entries[slot];
        if (entry == null || !entry.value.equals(value)) {
            JsonLine encoded = new JsonLine(64);
            encoded.raw(keys[index(field)]);
            boolean tls = field == LogField.TLS_VERSION && value.startsWith(TLS_PREFIX);
            quoted(encoded, tls ? value.substring(TLS_PREFIX.length()) : value);
            entry = new Entry(value, Arrays.copyOf(encoded.bytes(), encoded.length()));
            entries[slot] = entry;
        }
        line.raw(entry.encoded);
    }

    /// Adds a field whose value may be any.
    private void anyText(JsonLine line, LogField field, String value) {
        line.raw(keys[index(field)]);
        quoted(line, value);
    }

    /// Adds a field whose value may be any and as long as a token allows.
    private void cutText(JsonLine line, LogField field, String value) {
        anyText(line, field, ReceivedText.cut(value));
    }

    private static void quoted(JsonLine line, String value) {
        line.raw('"');
        line.text(value);
        line.raw('"');
    }

    private static void octets(JsonLine line, byte[] value) {
        line.raw('"');
        line.octets(value, 0, value.length);
        line.raw('"');
    }

    private void number(JsonLine line, LogField field, long value) {
        line.raw(keys[index(field)]);
        line.number(value);
    }

    private void positive(JsonLine line, LogField field, long value) {
        if (value > 0) {
            number(line, field, value);
        }
    }

    private void millis(JsonLine line, LogField field, long nanos) {
        line.raw(keys[index(field)]);
        line.millis(nanos);
    }
}
