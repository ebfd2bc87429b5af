package dev.sallyport.api.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A proven caller. Immutable; shared by all requests that show the same credential.
///
/// @param id            who, unique within its authenticator; without control characters
/// @param authenticator the configured name of what proved it
/// @param tenant        whom it belongs to, or null
/// @param roles         as the credential or its record states them
/// @param claims        what else the credential says
/// @param credential    what is known of the proof
public record Principal(
        String id,
        String authenticator,
        @Nullable String tenant,
        Set<String> roles,
        Claims claims,
        Credential credential) {
    public Principal {
        if (id.isEmpty() || id.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("id: empty or with control characters (expected: printable text)");
        }
        roles = Set.copyOf(roles);
    }

    /// A caller of whom nothing more is known.
    public Principal(String id, String authenticator, Set<String> roles) {
        this(id, authenticator, null, roles, Claims.NONE, Credential.of(authenticator));
    }
}
