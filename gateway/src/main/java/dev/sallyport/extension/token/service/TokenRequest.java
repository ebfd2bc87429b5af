package dev.sallyport.extension.token.service;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What a client sent to an endpoint of the token service.
///
/// @param authorization the field `Authorization`, or null
/// @param proof         the field `DPoP`, or null
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record TokenRequest(
        @Nullable String authorization, @Nullable String proof, byte[] body, InetAddress address) {
    /// Never what is in it.
    @Override
    public String toString() {
        return "TokenRequest";
    }
}
