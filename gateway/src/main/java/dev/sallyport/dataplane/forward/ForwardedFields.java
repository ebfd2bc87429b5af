package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.exchange.TraceContext.Attempt;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.dataplane.message.OutgoingHead;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;

/// The fields of a forwarded request: which of the client's travel on, and what the gateway says itself.
final class ForwardedFields {
    /// Everything but what passes; `Via` travels on, ours is added.
    private static final long DROPPED = FieldName.bits(FieldName.Rule.HOP_BY_HOP)
            | FieldName.bits(FieldName.Rule.CLIENT_CLAIM)
            | FieldName.bits(FieldName.Rule.DROP)
            | (FieldName.bits(FieldName.Rule.OWN) & ~FieldName.VIA.bit());

    private static final byte[] X_FORWARDED_FOR = ascii("x-forwarded-for");
    private static final byte[] X_FORWARDED_PROTO = ascii("x-forwarded-proto");
    private static final byte[] X_FORWARDED_HOST = ascii("x-forwarded-host");
    private static final byte[] FORWARDED = ascii("forwarded");
    private static final byte[] VIA = ascii("via");
    private static final byte[] TRACEPARENT = ascii("traceparent");
    private static final byte[] TRACESTATE = ascii("tracestate");
    private static final byte[] BAGGAGE = ascii("baggage");
    private static final byte[] X_REQUEST_ID = ascii("x-request-id");
    private static final byte[] HTTP = ascii("http");
    private static final byte[] HTTPS = ascii("https");

    private ForwardedFields() {}

    static void compose(OutgoingHead head, Exchange exchange, String serverName) {
        CanonicalRequest request = exchange.request();
        head.begin(request.headers(), DROPPED, exchange.requestEditsOrNull());
        ClientConnection connection = exchange.connection();
        String host = request.authority().toString();
        boolean direct = exchange.clientAddress().equals(connection.peer().getAddress());
        byte[] client =
                direct ? connection.peerText() : ascii(exchange.clientAddress().getHostAddress());
        byte[] proto = connection.secure() ? HTTPS : HTTP;
        head.add(X_FORWARDED_FOR, client);
        head.add(X_FORWARDED_PROTO, proto);
        head.begin(X_FORWARDED_HOST);
        head.append(host);
        head.end();
        head.begin(FORWARDED);
        head.append("for=");
        if (exchange.clientAddress() instanceof Inet6Address) {
            head.append("\"[");
            head.append(client);
            head.append("]\"");
        } else {
            head.append(client);
        }
        head.append(";host=\"");
        head.append(host);
        head.append("\";proto=");
        head.append(proto);
        head.end();
        head.begin(VIA);
        head.append(request.version() == HttpVersion.HTTP_2 ? "2 " : "1.1 ");
        head.append(serverName);
        head.end();
        trace(head, exchange);
        head.begin(X_REQUEST_ID);
        head.appendHex(exchange.requestIdHigh());
        head.appendHex(exchange.requestIdLow());
        head.end();
    }

    private static void trace(OutgoingHead head, Exchange exchange) {
        TraceContext trace = exchange.trace();
        head.begin(TRACEPARENT);
        head.append("00-");
        head.appendHex(trace.traceIdHigh());
        head.appendHex(trace.traceIdLow());
        head.append("-");
        Attempt attempt = exchange.attempt();
        head.appendHex(attempt == null ? trace.spanId() : attempt.spanId(trace));
        head.append(trace.sampled() ? "-01" : "-00");
        head.end();
        if (trace.parentId() != 0) {
            // the caller is trusted and its trace goes on: what belongs to the trace goes with it
            pass(head, exchange.request().headers(), FieldName.TRACESTATE, TRACESTATE);
            pass(head, exchange.request().headers(), FieldName.BAGGAGE, BAGGAGE);
        }
    }

    private static void pass(OutgoingHead head, Headers received, FieldName field, byte[] name) {
        for (int i = received.indexOf(field); i >= 0; i = received.indexOf(field, i + 1)) {
            head.add(name, received.bytes(), received.valueStart(i), received.valueEnd(i));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
