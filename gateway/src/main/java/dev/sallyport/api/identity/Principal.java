package dev.sallyport.api.identity;

import java.util.Set;

/// A proven caller.
///
/// @param id            who, unique within its authenticator
/// @param authenticator the configured name of what proved it
/// @param roles         as the credential or its record states them
public record Principal(String id, String authenticator, Set<String> roles) {
    public Principal {
        roles = Set.copyOf(roles);
    }
}
