package dev.sallyport.controlplane.admin;

import org.jspecify.annotations.Nullable;

/// A request to the admin listener that may be answered: authenticated where its endpoint wants that.
///
/// @param accept the `Accept` field, or null
/// @param query  undecoded, empty for none
public record AdminRequest(
        String method, String path, String query, @Nullable String accept) {}
