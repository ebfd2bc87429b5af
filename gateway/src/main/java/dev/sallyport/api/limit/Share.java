package dev.sallyport.api.limit;

import org.jspecify.annotations.Nullable;

/// What gateways have to agree on to count in one layer together.
///
/// @param name     of the layer; the same at all of them, and of no other layer
/// @param whenDown null for what the store says
public record Share(String name, Sharing sharing, @Nullable WhenDown whenDown) {}
