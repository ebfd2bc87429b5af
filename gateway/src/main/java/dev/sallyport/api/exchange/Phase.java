package dev.sallyport.api.exchange;

/// The order of things in the life of a request; stated here only.
///
/// `ADMIT` and `FORWARD` belong to the engine and hold no policies.
public enum Phase {
    /// Before identity: address rules, address limits, behaviour.
    SCREEN,
    /// Who calls, and may they.
    ADMIT,
    /// Limits by identity.
    METER,
    /// Local answers: redirects, fixed responses, the cache.
    ANSWER,
    /// Rewriting, validation, translation.
    PREPARE,
    /// To the upstream and back.
    FORWARD,
    /// Log, metrics, behaviour.
    RECORD
}
