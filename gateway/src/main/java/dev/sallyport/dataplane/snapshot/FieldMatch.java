package dev.sallyport.dataplane.snapshot;

import org.jspecify.annotations.Nullable;

/// A condition on a header field or query parameter.
///
/// @param name  case-insensitive for headers, exact for query parameters
/// @param value exact; null when presence is enough
public record FieldMatch(String name, @Nullable String value) {}
