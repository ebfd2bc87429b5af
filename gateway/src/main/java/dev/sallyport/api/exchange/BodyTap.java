package dev.sallyport.api.exchange;

import dev.sallyport.api.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/// Sees the bodies of one exchange go by, without a say in it.
///
/// Called on the exchange's event loop for each piece as it passes: it must not block, must not throw, and leaves a
/// piece as it is, with its indices and its count of references. What it wants to keep it copies.
public interface BodyTap {
    /// A piece of what the client sent.
    void onRequestBody(ByteBuf data);

    /// The final head that the client is sent, before the route's policies changed it.
    void onResponse(ResponseHead head);

    /// A piece of what the client is sent.
    void onResponseBody(ByteBuf data);

    /// The exchange is over and was recorded: nothing more comes.
    void onRecorded();
}
