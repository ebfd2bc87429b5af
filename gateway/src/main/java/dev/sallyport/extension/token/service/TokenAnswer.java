package dev.sallyport.extension.token.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the token service says to a client it understood.
///
/// @param members   of the answer's JSON object; none for an empty answer
/// @param nextNonce for the client's next proof (RFC 9449 §8.2), or null
record TokenAnswer(Map<String, Object> members, @Nullable String nextNonce) {
    static final TokenAnswer EMPTY = new TokenAnswer(Map.of(), null);

    /// Never the tokens.
    @Override
    public String toString() {
        return "TokenAnswer" + members.keySet();
    }
}
