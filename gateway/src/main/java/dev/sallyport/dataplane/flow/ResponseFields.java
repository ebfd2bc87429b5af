package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.OutgoingHead;
import java.nio.charset.StandardCharsets;

/// The fields of a response to the client: which of the upstream's travel on, and what the gateway says itself.
final class ResponseFields {
    /// Of an upstream's fields: those of its connection, framing, and what it says about itself (threat US-07).
    static final long DROPPED = FieldName.bits(FieldName.Rule.HOP_BY_HOP)
            | FieldName.CONTENT_LENGTH.bit()
            | FieldName.TRANSFER_ENCODING.bit()
            | FieldName.CLIENT_CLAIM.bit()
            | FieldName.INTERNAL_RESPONSE.bit()
            | FieldName.X_REQUEST_ID.bit();

    private static final byte[] X_REQUEST_ID = "x-request-id".getBytes(StandardCharsets.US_ASCII);

    private ResponseFields() {}

    static void compose(OutgoingHead out, Headers received, long dropped, Exchange exchange, boolean editing) {
        out.begin(received, dropped, editing ? exchange.responseEditsOrNull() : null);
        out.begin(X_REQUEST_ID);
        out.appendHex(exchange.requestIdHigh());
        out.appendHex(exchange.requestIdLow());
        out.end();
    }
}
