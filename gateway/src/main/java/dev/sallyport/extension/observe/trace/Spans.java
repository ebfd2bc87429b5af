package dev.sallyport.extension.observe.trace;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.exchange.TraceContext.Attempt;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.Outcome;
import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.extension.observe.trace.FinishedSpan.Period;
import dev.sallyport.telemetry.LogField;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes spans of a finished exchange: one for the exchange itself, one for how it was decided on, one for each
/// endpoint
/// asked. Confined to one thread.
///
/// Attributes are those of OpenTelemetry's conventions for HTTP, and those of the access log ([LogField]), redacted
/// alike.
@OffLoop("the thread of traces")
@SuppressWarnings("EnumOrdinal") // an index of this process
final class Spans {
    /// Tells the span of the decision from the exchange's own and from those of attempts.
    private static final long DECISION = 0x5bd1e9955bd1e995L;

    private static final long NANOS_OF_MILLI = 1_000_000;
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE");
    private static final AttributeKey<String> METHOD_ORIGINAL = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<Long> RESENT = AttributeKey.longKey("http.request.resend_count");
    private static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");

    /// By field; a key that is made anew each time is looked at letter by letter each time.
    private static final List<AttributeKey<String>> TEXTS = keys(AttributeKey::stringKey);

    private static final List<AttributeKey<Long>> NUMBERS = keys(AttributeKey::longKey);

    private final Resource resource;
    private final boolean linkUntrusted;
    private final Redacted redacted;

    Spans(TraceSettings settings, Resource resource) {
        this.resource = resource;
        this.linkUntrusted = settings.linkUntrusted();
        this.redacted = new Redacted(new ReceivedText(settings.secretHeaders(), settings.secretParameters()));
    }

    /// Gives all spans of `exchange` to `target`.
    void tell(Exchange exchange, Consumer<SpanData> target) {
        TraceContext trace = exchange.trace();
        TraceState state = TraceFields.state(trace, exchange.request().headers());
        SpanContext own = TraceFields.span(trace, trace.spanId(), state);
        String method = exchange.request().method().name();
        String known = METHODS.contains(method) ? method : "HTTP";
        Outcome outcome = Outcome.of(exchange);
        target.accept(new FinishedSpan(
                resource,
                exchange.routePath().isEmpty() ? known : known + " " + exchange.routePath(),
                SpanKind.SERVER,
                own,
                TraceFields.parent(trace, state),
                period(exchange, exchange.startedAt(), exchange.endedAt()),
                status(exchange, outcome),
                attributes(exchange, outcome),
                List.of(),
                links(exchange)));
        decision(exchange, own, target);
        for (Attempt attempt = exchange.attempt(); attempt != null; attempt = attempt.before()) {
            attempt(exchange, attempt, known, own, target);
        }
    }

    private void decision(Exchange exchange, SpanContext own, Consumer<SpanData> target) {
        long until = exchange.forwardedAt() == 0 ? exchange.endedAt() : exchange.forwardedAt();
        AttributesBuilder attributes = Attributes.builder();
        Principal principal = exchange.principal();
        if (principal != null) {
            put(attributes, LogField.AUTHENTICATOR, principal.authenticator());
        }
        put(attributes, LogField.RULE, exchange.deniedBy().isEmpty() ? exchange.admittedBy() : exchange.deniedBy());
        put(attributes, LogField.LIMIT, exchange.limitedBy());
        long id = exchange.trace().spanId() ^ DECISION;
        target.accept(new FinishedSpan(
                resource,
                "gateway.decision",
                SpanKind.INTERNAL,
                TraceFields.span(exchange.trace(), id == 0 ? DECISION : id, own.getTraceState()),
                own,
                period(exchange, exchange.startedAt(), until),
                StatusData.unset(),
                attributes.build(),
                List.of(),
                List.of()));
    }

    private void attempt(
            Exchange exchange, Attempt attempt, String method, SpanContext own, Consumer<SpanData> target) {
        AttributesBuilder attributes = Attributes.builder();
        put(attributes, LogField.METHOD, method.equals("HTTP") ? "_OTHER" : method);
        String endpoint = attempt.endpoint();
        int colon = endpoint.lastIndexOf(':');
        put(attributes, LogField.SERVER_ADDRESS, colon < 0 ? endpoint : endpoint.substring(0, colon));
        if (colon >= 0) {
            put(attributes, LogField.SERVER_PORT, number(endpoint.substring(colon + 1)));
        }
        put(attributes, LogField.UPSTREAM, attempt.upstream());
        put(attributes, LogField.STATUS, attempt.status());
        if (attempt.number() > 1) {
            attributes.put(RESENT, attempt.number() - 1);
        }
        Failure failure = attempt.failure();
        String error =
                failure != null ? failure.code() : attempt.status() >= 400 ? Integer.toString(attempt.status()) : "";
        put(attributes, LogField.ERROR_TYPE, error);
        List<EventData> events = new ArrayList<>(2);
        event(events, exchange, "gateway.upstream.connected", attempt.connectedAt());
        event(events, exchange, "gateway.upstream.responded", attempt.respondedAt());
        target.accept(new FinishedSpan(
                resource,
                method,
                SpanKind.CLIENT,
                TraceFields.span(exchange.trace(), attempt.spanId(exchange.trace()), own.getTraceState()),
                own,
                period(exchange, attempt.startedAt(), attempt.endedAt() == 0 ? exchange.endedAt() : attempt.endedAt()),
                error.isEmpty() ? StatusData.unset() : StatusData.error(),
                attributes.build(),
                events,
                List.of()));
    }

    private static void event(List<EventData> events, Exchange exchange, String name, long at) {
        if (at != 0) {
            events.add(EventData.create(epochNanos(exchange, at), name, Attributes.empty()));
        }
    }

    private List<LinkData> links(Exchange exchange) {
        if (!linkUntrusted || exchange.trace().parentId() != 0) {
            return List.of();
        }
        TraceContext stated = TraceContext.stated(exchange.request().headers(), 1);
        return stated == null
                ? List.of()
                : List.of(LinkData.create(TraceFields.parent(stated, TraceState.getDefault())));
    }

    private static StatusData status(Exchange exchange, Outcome outcome) {
        Failure failure = exchange.failure();
        boolean ours = failure != null && !Outcome.byClient(failure);
        if (exchange.status() < 500 && !ours) {
            return StatusData.unset();
        }
        String reason = Outcome.errorType(outcome, Outcome.reason(exchange), exchange.status());
        return StatusData.create(StatusCode.ERROR, reason == null ? "" : reason);
    }

    private Attributes attributes(Exchange exchange, Outcome outcome) {
        AttributesBuilder to = Attributes.builder();
        request(exchange, to);
        ClientConnection connection = exchange.connection();
        put(to, LogField.CLIENT_ADDRESS, exchange.clientAddress().getHostAddress());
        put(to, LogField.PEER_ADDRESS, connection.peer().getAddress().getHostAddress());
        to.put(PEER_PORT, connection.peer().getPort());
        String tls = connection.tlsVersion();
        put(to, LogField.TLS_VERSION, tls != null && tls.startsWith("TLSv") ? tls.substring(4) : tls);
        put(to, LogField.ROUTE_PATH, exchange.routePath());
        put(to, LogField.STATUS, exchange.status());
        put(to, LogField.REQUEST_BYTES, exchange.requestBytes());
        put(to, LogField.RESPONSE_BYTES, exchange.responseBytes());
        String reason = Outcome.reason(exchange);
        put(to, LogField.ERROR_TYPE, Outcome.errorType(outcome, reason, exchange.status()));
        put(to, LogField.LISTENER, connection.listener());
        put(to, LogField.ROUTE, exchange.route());
        put(to, LogField.DECISION, outcome.label());
        put(to, LogField.REASON, reason);
        put(to, LogField.RULE, exchange.deniedBy().isEmpty() ? exchange.admittedBy() : exchange.deniedBy());
        put(to, LogField.SHADOW_RULE, exchange.shadowDeniedBy());
        put(to, LogField.LIMIT, exchange.limitedBy());
        put(to, LogField.SHADOW_LIMIT, exchange.shadowLimitedBy());
        put(to, LogField.OVERLOAD, exchange.overloadedBy());
        if (exchange.conduct().level() != Level.NORMAL) {
            put(to, LogField.BEHAVIOUR_LEVEL, exchange.conduct().level().label());
        }
        Principal principal = exchange.principal();
        if (principal != null) {
            put(to, LogField.PRINCIPAL, ReceivedText.cut(principal.id()));
            put(to, LogField.AUTHENTICATOR, principal.authenticator());
        }
        put(to, LogField.UPSTREAM, exchange.upstream());
        put(to, LogField.ATTEMPTS, exchange.attempts());
        put(to, LogField.CONFIG_VERSION, exchange.configVersion());
        return to.build();
    }

    private void request(Exchange exchange, AttributesBuilder to) {
        CanonicalRequest request = exchange.request();
        String method = request.method().name();
        if (METHODS.contains(method)) {
            put(to, LogField.METHOD, method);
        } else {
            put(to, LogField.METHOD, "_OTHER");
            to.put(METHOD_ORIGINAL, ReceivedText.cut(method));
        }
        put(to, LogField.SCHEME, request.scheme());
        put(to, LogField.SERVER_ADDRESS, request.authority().host());
        if (request.authority().port() >= 0) {
            put(to, LogField.SERVER_PORT, request.authority().port());
        }
        put(to, LogField.PROTOCOL_VERSION, request.version().label());
        put(to, LogField.PATH, redacted.path(request.path(), exchange.routePath()));
        String query = request.query();
        if (query != null) {
            put(to, LogField.QUERY, redacted.query(query));
        }
        int agent = request.headers().indexOf(FieldName.USER_AGENT);
        if (agent >= 0) {
            put(to, LogField.USER_AGENT, redacted.value(request.headers(), agent));
        }
        put(to, LogField.REQUEST_ID, id(exchange));
    }

    private static String id(Exchange exchange) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(exchange.requestIdHigh()) + hex.toHexDigits(exchange.requestIdLow());
    }

    private static void put(AttributesBuilder to, LogField field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            to.put(TEXTS.get(field.ordinal()), value);
        }
    }

    private static void put(AttributesBuilder to, LogField field, long value) {
        if (value > 0) {
            to.put(NUMBERS.get(field.ordinal()), value);
        }
    }

    private static <T> List<AttributeKey<T>> keys(Function<String, AttributeKey<T>> type) {
        return Arrays.stream(LogField.values())
                .map(field -> type.apply(field.otel()))
                .toList();
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Period period(Exchange exchange, long from, long to) {
        long start = epochNanos(exchange, from);
        return new Period(start, Math.max(start, epochNanos(exchange, to)));
    }

    private static long epochNanos(Exchange exchange, long nanos) {
        return exchange.startedAtEpochMillis() * NANOS_OF_MILLI + (nanos - exchange.startedAt());
    }
}
