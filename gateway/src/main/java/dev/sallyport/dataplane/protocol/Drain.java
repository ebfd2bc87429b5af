package dev.sallyport.dataplane.protocol;

/// A pipeline event that asks a client connection to end.
public enum Drain {
    /// Take no new requests, finish those under way, then close: `Connection: close`, or GOAWAY in two steps.
    BEGIN,
    /// Close now; what is under way is aborted visibly.
    NOW
}
