package dev.sallyport.dataplane.forward;

/// Limits of one call, in nanoseconds, all positive.
///
/// @param responseHead from the end of the request to the final head
/// @param idle         between octets in either direction while a body is under way
public record CallTimeouts(long responseHead, long idle) {}
