package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;

/// The client's side of one exchange, as a protocol handler offers it to [ExchangeFlow]. Confined to its loop.
///
/// Calls after the end of the response, or after the client is gone, are ignored (buffers are released).
public interface ClientStream {
    /// Sends an interim head (1xx) where the protocol version knows them.
    void sendInterim(int status, OutgoingHead fields);

    /// Sends the final head.
    ///
    /// @param fields without framing fields; `Date` is added by the stream when none is among them
    /// @param length octets of body that follow; −1 for an unknown number. For a response without body, such as
    ///     one to HEAD, the length that `Content-Length` states, or −1 to state none
    /// @param last   no body follows
    void sendHead(int status, OutgoingHead fields, long length, boolean last);

    /// Sends a piece of body, which the stream owns from here on.
    void sendBody(ByteBuf data, boolean last);

    /// Sends trailers where client and protocol take them, and ends the response.
    void sendTrailers(Headers trailers);

    /// Nothing more follows for now: what was sent so far goes out. A last piece, trailers and an interim head
    /// need no flush.
    void flush();

    /// Ends the response visibly incomplete, in the protocol's way: a closed connection, a reset stream.
    void abort(Failure reason);

    /// Whether more body is welcome; [ExchangeFlow#onClientWritable()] says when it is again.
    boolean writable();

    /// Asks for request body (`true`) or for a pause (`false`); a stream starts paused. When body is first asked
    /// for, a client that waits for `100 Continue` is sent it.
    void demandBody(boolean wanted);
}
