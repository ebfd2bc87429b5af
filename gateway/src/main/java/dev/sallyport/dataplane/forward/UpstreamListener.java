package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/// Hears what becomes of an [UpstreamCall], on its loop: interim heads, one head, body, perhaps trailers; or a
/// failure.
///
/// Exactly one of these ends a call: `onHead` with `last`, `onBody` with `last`, `onTrailers`, `onFailure`.
public interface UpstreamListener {
    /// The call has a connection and its head is written; body may be sent from here on.
    void onOpen(UpstreamCall call);

    void onInterim(ResponseHead head);

    /// The final head.
    ///
    /// @param length of the body when declared, −1 when not, 0 when there is none
    /// @param last   no body follows
    void onHead(ResponseHead head, long length, boolean last);

    /// A piece of body, which the listener owns from here on.
    void onBody(ByteBuf data, boolean last);

    /// Validated trailer fields; the response is complete.
    void onTrailers(Headers trailers);

    /// No more of the response is at hand now: what was passed on so far should be flushed to the client.
    void onBatchEnd();

    /// More request body is welcome again.
    void onWritable();

    /// The call failed and is over.
    ///
    /// @param nothingSent no octet of the request can have reached the endpoint, so another may be asked
    /// @param reusedConnection the connection had served before, so the endpoint may just have closed it when idle
    void onFailure(Failure failure, boolean nothingSent, boolean reusedConnection);
}
