package dev.sallyport.controlplane.admin;

import org.jspecify.annotations.Nullable;

/// A request to the admin listener that may be answered: authenticated where its endpoint wants that.
///
/// @param accept      the `Accept` field, or null
/// @param query       undecoded, empty for none
/// @param contentType the `Content-Type` field, or null
/// @param body        empty for none, within the listener's limit
@SuppressWarnings("ArrayRecordComponent") // read once, compared nowhere
public record AdminRequest(
        String method,
        String path,
        String query,
        @Nullable String accept,
        @Nullable String contentType,
        byte[] body) {
    /// Whether the answer is to be text for people rather than JSON.
    public boolean asksForText() {
        return accept != null && accept.startsWith("text/plain");
    }
}
