package dev.sallyport.api.access;

import dev.sallyport.api.identity.Principal;

/// What was taken back before its time: asked for every admitted caller, and again while its exchange lasts.
public interface Revocations {
    /// Nothing is ever revoked.
    Revocations NONE = principal -> Standing.GOOD;

    /// Whether the caller's credential still counts; any thread, without waiting.
    Standing standing(Principal principal);

    /// What became of a credential.
    enum Standing {
        GOOD,
        REVOKED,
        /// What is revoked could not be learnt for longer than is tolerated.
        UNKNOWN
    }
}
