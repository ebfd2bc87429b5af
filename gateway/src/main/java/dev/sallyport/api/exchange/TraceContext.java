package dev.sallyport.api.exchange;

/// The trace an exchange belongs to (W3C Trace Context): 128-bit trace id, our own 64-bit span id, the sampled
/// flag.
///
/// @param parentId the caller's span id, or 0 when the trace begins here
public record TraceContext(long traceIdHigh, long traceIdLow, long spanId, long parentId, boolean sampled) {}
