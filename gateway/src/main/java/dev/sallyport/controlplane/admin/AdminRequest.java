package dev.sallyport.controlplane.admin;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A request to the admin listener that may be answered: authenticated where its endpoint wants that.
///
/// @param peer        where it comes from
/// @param role        what the sender may do; null where the endpoint is open and nothing was shown
/// @param cookie      the console's session, or empty
/// @param accept      the `Accept` field, or null
/// @param query       undecoded, empty for none
/// @param contentType the `Content-Type` field, or null
/// @param body        empty for none, within the listener's limit
@SuppressWarnings("ArrayRecordComponent") // read once, compared nowhere
public record AdminRequest(
        InetAddress peer,
        @Nullable AdminRole role,
        String cookie,
        String method,
        String path,
        String query,
        @Nullable String accept,
        @Nullable String contentType,
        byte[] body) {
    /// The value of a query parameter, decoded; null when it is missing or cannot be decoded.
    public @Nullable String parameter(String name) {
        for (String one : query.split("&", -1)) {
            if (one.startsWith(name + "=")) {
                try {
                    return URLDecoder.decode(one.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException _) {
                    return null;
                }
            }
        }
        return null;
    }

    /// Whether the answer is to be text for people rather than JSON.
    public boolean asksForText() {
        return accept != null && accept.startsWith("text/plain");
    }
}
