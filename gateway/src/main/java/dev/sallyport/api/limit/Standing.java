package dev.sallyport.api.limit;

/// How one key stands with one layer.
///
/// @param remaining  how much it could have now
/// @param resetNanos until it has everything back; 0 when it has
public record Standing(long remaining, long resetNanos) {}
