package dev.sallyport.dataplane.forward;

import io.netty.buffer.ByteBuf;

/// A request under way on an upstream connection; the other half is its [UpstreamListener]. Confined to one loop.
public interface UpstreamCall {
    /// Sends a piece of the request body; the call owns `data` from here on. After `last` nothing more may be
    /// sent.
    void send(ByteBuf data, boolean last);

    /// Whether more body is welcome; [UpstreamListener#onWritable()] says when it is again.
    boolean writable();

    /// Asks for response body (`true`) or for a pause (`false`); a call starts with `true`. After a pause, pieces
    /// that were already read may still arrive.
    void demand(boolean wanted);

    /// Ends the call at once: what was not sent is not sent, and the listener hears nothing more. A connection
    /// that cannot be used cleanly afterwards is closed (HTTP/1.1), a stream is reset (HTTP/2).
    void cancel();
}
