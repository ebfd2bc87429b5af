package dev.sallyport.dataplane.forward;

/// A connection to an endpoint, in whatever protocol it speaks; confined to its loop and owned by one
/// [EndpointPool].
public interface UpstreamConnection {
    /// Whether another call can be opened now.
    boolean available();

    /// Whether it can serve several calls at once.
    boolean multiplexed();

    /// Whether nothing is under way.
    boolean idle();

    /// When it was made, by [System#nanoTime()].
    long createdAt();

    /// Opens a call and writes its head before it returns; [#available()] must be true. Calls `listener.onOpen`
    /// before it
    /// returns, and other methods of the listener only afterwards.
    void open(UpstreamRequest request, UpstreamListener listener, CallTimeouts timeouts);

    /// Takes no more calls and closes as soon as nothing is under way.
    void retire();
}
