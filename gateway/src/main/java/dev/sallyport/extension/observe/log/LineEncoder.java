package dev.sallyport.extension.observe.log;

import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Standings;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.observe.Outcome;
import dev.sallyport.extension.observe.payload.Capture;
import dev.sallyport.extension.observe.payload.CapturedBody;
import dev.sallyport.extension.observe.redact.BodyRedaction;
import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.extension.observe.source.SourceKey;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.LogField;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
    private static final byte[] LIMIT = "{\"limit\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REMAINING = ",\"remaining\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OF = ",\"of\":".getBytes(StandardCharsets.US_ASCII);

    private final boolean ecs;
    private final ReceivedText received;
    private final LineFields fields;
    private final ChosenHeaders requestHeaders;
    private final ChosenHeaders responseHeaders;
    private final @Nullable BodyRedaction bodies;
    private final byte[] second = new byte["2026-11-25T04:00:00".length()];
    private long secondSinceEpoch = Long.MIN_VALUE;
    private @Nullable InetAddress lastAddress;
    private String lastNetwork = "";

    public LineEncoder(AccessLogSettings settings) {
        ecs = settings.format() == AccessLogSettings.Format.ECS;
        received = new ReceivedText(settings.secretHeaders(), settings.secretParameters());
        fields = new LineFields(ecs);
        requestHeaders = new ChosenHeaders(settings.headers(), LogField.REQUEST_HEADER, fields, received);
        responseHeaders = new ChosenHeaders(settings.responseHeaders(), LogField.RESPONSE_HEADER, fields, received);
        bodies = settings.bodies() ? new BodyRedaction(settings.secretParameters(), settings.secretPaths()) : null;
    }

    /// Adds the line of a finished exchange.
    public void encode(Exchange exchange, JsonLine line) {
        Outcome outcome = Outcome.of(exchange);
        String reason = Outcome.reason(exchange);
        ClientConnection connection = exchange.connection();
        CanonicalRequest request = exchange.request();
        begin(line, exchange.startedAtEpochMillis(), severity(outcome, exchange.failure(), exchange.status()));
        client(line, exchange);
        request(line, request, connection, exchange.routePath());
        fields.text(line, LogField.ROUTE_PATH, exchange.routePath());
        fields.positive(line, LogField.STATUS, exchange.status());
        fields.number(line, LogField.REQUEST_BYTES, exchange.requestBytes());
        fields.number(line, LogField.RESPONSE_BYTES, exchange.responseBytes());
        int agent = request.headers().indexOf(FieldName.USER_AGENT);
        if (agent >= 0) {
            line.raw(fields.key(LogField.USER_AGENT));
            received.value(line, request.headers(), agent);
        }
        ids(line, exchange);
        fields.text(line, LogField.ERROR_TYPE, Outcome.errorType(outcome, reason, exchange.status()));
        long duration = Math.max(0, exchange.endedAt() - exchange.startedAt());
        if (ecs) {
            fields.number(line, LogField.DURATION, duration);
            fields.text(
                    line,
                    LogField.OUTCOME,
                    outcome == Outcome.ALLOWED && exchange.status() < 500 ? "success" : "failure");
        } else {
            fields.millis(line, LogField.DURATION, duration);
        }
        fields.text(line, LogField.LISTENER, connection.listener());
        fields.text(line, LogField.ROUTE, exchange.route());
        fields.text(line, LogField.DECISION, outcome.label());
        fields.text(line, LogField.REASON, reason);
        fields.text(line, LogField.RULE, exchange.deniedBy().isEmpty() ? exchange.admittedBy() : exchange.deniedBy());
        fields.text(line, LogField.SHADOW_RULE, exchange.shadowDeniedBy());
        fields.text(line, LogField.LIMIT, exchange.limitedBy());
        fields.text(line, LogField.SHADOW_LIMIT, exchange.shadowLimitedBy());
        fields.text(line, LogField.OVERLOAD, exchange.overloadedBy());
        conduct(line, exchange.conduct());
        fields.positive(line, LogField.LEFT_OUT, exchange.leftOutBefore());
        fields.positive(line, LogField.SAMPLED_OUT, exchange.sampledOutBefore());
        limits(line, exchange.standings());
        Principal principal = exchange.principal();
        if (principal != null) {
            fields.cutText(line, LogField.PRINCIPAL, principal.id());
            roles(line, principal);
            fields.text(line, LogField.AUTHENTICATOR, principal.authenticator());
            String credential = principal.credential().id();
            if (credential != null) {
                fields.cutText(line, LogField.CREDENTIAL_ID, credential);
            }
        }
        upstream(line, exchange, duration);
        fields.text(line, LogField.CONFIG_VERSION, exchange.configVersion());
        requestHeaders.write(line, request.headers(), null);
        ResponseHead head = exchange.responseHead();
        if (head != null) {
            responseHeaders.write(line, head.headers(), exchange.responseEditsOrNull());
        }
        if (bodies != null && exchange.tap() instanceof Capture capture) {
            body(line, LogField.REQUEST_BODY, capture.request(), bodies);
            body(line, LogField.RESPONSE_BODY, capture.response(), bodies);
        }
        line.raw(END);
    }

    private void conduct(JsonLine line, Conduct conduct) {
        if (conduct.level() != Level.NORMAL) {
            fields.text(line, LogField.BEHAVIOUR_LEVEL, conduct.level().label());
        }
        fields.positive(line, LogField.BEHAVIOUR_SCORE, (long) Math.ceil(conduct.score()));
    }

    private void limits(JsonLine line, @Nullable Standings standings) {
        if (standings == null || standings.size() == 0) {
            return;
        }
        line.raw(fields.key(LogField.LIMITS));
        char separator = '[';
        for (int i = 0; i < standings.size(); i++) {
            line.raw(separator);
            separator = ',';
            line.raw(LIMIT);
            line.text(standings.name(i));
            line.raw('"');
            long remaining = standings.remaining(i);
            if (remaining >= 0) {
                line.raw(REMAINING);
                line.number(remaining);
            }
            line.raw(OF);
            line.number(standings.most(i));
            line.raw('}');
        }
        line.raw(']');
    }

    private void body(JsonLine line, LogField field, @Nullable CapturedBody body, BodyRedaction redaction) {
        if (body != null && body.present()) {
            line.raw(fields.key(field));
            body.write(line, redaction);
        }
    }

    /// Adds the caller's roles, as many as fit in the length of one value.
    private void roles(JsonLine line, Principal principal) {
        if (principal.roles().isEmpty()) {
            return;
        }
        line.raw(fields.key(LogField.ROLES));
        line.raw('[');
        int left = ReceivedText.LONGEST_VALUE;
        String separator = "";
        for (String role : principal.roles()) {
            left -= role.length();
            if (left < 0) {
                line.text(separator);
                LineFields.quoted(line, "[truncated]");
                break;
            }
            line.text(separator);
            LineFields.quoted(line, role);
            separator = ",";
        }
        line.raw(']');
    }

    /// Adds the line of a request that could not be understood.
    void encode(AccessLog.Malformed malformed, JsonLine line) {
        ClientConnection connection = malformed.connection();
        begin(line, malformed.epochMillis(), "WARN");
        line.raw(fields.key(LogField.CLIENT_ADDRESS));
        LineFields.octets(line, connection.peerText());
        fields.number(line, LogField.CLIENT_PORT, connection.peer().getPort());
        tls(line, connection);
        fields.number(line, LogField.STATUS, malformed.fault().status());
        fields.text(line, LogField.ERROR_TYPE, malformed.fault().code());
        if (ecs) {
            fields.text(line, LogField.OUTCOME, "failure");
        }
        fields.text(line, LogField.LISTENER, connection.listener());
        fields.text(line, LogField.DECISION, Outcome.MALFORMED.label());
        fields.text(line, LogField.REASON, malformed.fault().code());
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
        line.raw(fields.key(LogField.TIMESTAMP));
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
        fields.text(line, LogField.SEVERITY, severity);
        if (ecs) {
            line.raw(ECS_CONSTANTS);
        }
    }

    private void client(JsonLine line, Exchange exchange) {
        ClientConnection connection = exchange.connection();
        line.raw(fields.key(LogField.CLIENT_ADDRESS));
        if (exchange.clientAddress().equals(connection.peer().getAddress())) {
            LineFields.octets(line, connection.peerText());
            fields.number(line, LogField.CLIENT_PORT, connection.peer().getPort());
        } else {
            LineFields.quoted(line, exchange.clientAddress().getHostAddress());
            line.raw(fields.key(LogField.PEER_ADDRESS));
            LineFields.octets(line, connection.peerText());
        }
        network(line, exchange.clientAddress());
    }

    /// Adds the network of an address; requests of one client follow each other.
    private void network(JsonLine line, InetAddress address) {
        if (!address.equals(lastAddress)) {
            lastAddress = address;
            lastNetwork = SourceKey.of(address).toString();
        }
        fields.text(line, LogField.CLIENT_NETWORK, lastNetwork);
    }

    private void tls(JsonLine line, ClientConnection connection) {
        String version = connection.tlsVersion();
        if (version != null) {
            fields.text(line, LogField.TLS_VERSION, version);
        }
    }

    private void request(JsonLine line, CanonicalRequest request, ClientConnection connection, String routePath) {
        fields.text(line, LogField.PROTOCOL_VERSION, request.version().label());
        tls(line, connection);
        fields.text(line, LogField.METHOD, request.method().name());
        fields.text(line, LogField.SCHEME, request.scheme());
        fields.anyText(line, LogField.SERVER_ADDRESS, request.authority().host());
        if (request.authority().port() >= 0) {
            fields.number(line, LogField.SERVER_PORT, request.authority().port());
        }
        line.raw(fields.key(LogField.PATH));
        received.path(line, request.path(), routePath);
        String query = request.query();
        if (query != null) {
            line.raw(fields.key(LogField.QUERY));
            received.query(line, query);
        }
    }

    private void ids(JsonLine line, Exchange exchange) {
        TraceContext trace = exchange.trace();
        line.raw(fields.key(LogField.TRACE_ID));
        line.raw('"');
        line.hex(trace.traceIdHigh());
        line.hex(trace.traceIdLow());
        line.raw('"');
        line.raw(fields.key(LogField.SPAN_ID));
        line.raw('"');
        line.hex(trace.spanId());
        line.raw('"');
        line.raw(fields.key(LogField.REQUEST_ID));
        line.raw('"');
        line.hex(exchange.requestIdHigh());
        line.hex(exchange.requestIdLow());
        line.raw('"');
    }

    private void upstream(JsonLine line, Exchange exchange, long duration) {
        long forwardedAt = exchange.forwardedAt();
        if (forwardedAt == 0) {
            fields.millis(line, LogField.OVERHEAD, duration);
            return;
        }
        fields.text(line, LogField.UPSTREAM, exchange.upstream());
        fields.text(line, LogField.UPSTREAM_ADDRESS, exchange.endpoint());
        fields.number(line, LogField.ATTEMPTS, exchange.attempts());
        fields.positive(line, LogField.UPSTREAM_STATUS, exchange.upstreamStatus());
        fields.millis(line, LogField.OVERHEAD, forwardedAt - exchange.startedAt());
        long respondedAt = exchange.respondedAt();
        long until = respondedAt == 0 ? exchange.endedAt() : respondedAt;
        fields.millis(line, LogField.UPSTREAM_DURATION, until - forwardedAt);
        long connectedAt = exchange.connectedAt();
        if (connectedAt != 0) {
            fields.millis(line, LogField.CONNECT_DURATION, connectedAt - forwardedAt);
            fields.millis(line, LogField.WAIT_DURATION, until - connectedAt);
        }
        if (respondedAt != 0) {
            fields.millis(line, LogField.TRANSFER_DURATION, exchange.endedAt() - respondedAt);
        }
    }
}
