package dev.sallyport.dataplane.forward;

import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.message.OutgoingHead;

/// A request as an upstream connection needs it to write it, in its own protocol.
public interface UpstreamRequest {
    Method method();

    /// Path and query, in origin form.
    String target();

    /// What goes into `Host` or `:authority`.
    String authority();

    /// Octets of body declared, 0 for none, −1 for an unknown number.
    long bodyLength();

    /// Whether the client accepts trailers, so that `TE: trailers` is to be sent.
    boolean acceptsTrailers();

    /// Composes the fields to send, without `Host`, framing and `TE`.
    void compose(OutgoingHead head);
}
