package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Refusal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What an [Authorizer] says; never a boolean, so that each answer names the rule that decided. Rules are named by the
/// configuration, never by a request: they may be logged and counted.
public sealed interface Verdict {
    /// The caller may.
    ///
    /// @param rule the rule that decided, such as `require orders:read`
    record Allow(String rule) implements Verdict {}

    /// The caller may not, whoever it proves to be.
    ///
    /// @param rule the rule that decided, such as `deny[0]`; never told to the caller
    record Deny(Refusal reason, String rule) implements Verdict {
        /// No rule allows it.
        public static final Deny NOBODY =
                new Deny(Refusal.of(403, "access-denied", "Forbidden", "No rule allows this request."), "none");
    }

    /// Not as the caller is now, but perhaps once it proves more: who it is, where it is anonymous; that it proved so
    /// in
    /// a stronger way or more recently (RFC 9470); that it was given wider scopes (RFC 6750 §3.1).
    ///
    /// @param reason   of status 401 or 403; what the caller is to do is added to it
    /// @param rule     the rule that decided
    /// @param strength what the proof has to be like, or null
    /// @param scopes   what a token has to be for; empty where it is not about scopes
    record Prove(Refusal reason, String rule, @Nullable Strength strength, List<String> scopes) implements Verdict {}

    /// What was asked gave no answer: the caller may not. An exchange that was let in before goes on to the next try.
    ///
    /// @param reason of status 503
    /// @param rule   the rule that could not be decided
    record Undecided(Refusal reason, String rule) implements Verdict {}

    /// Not known yet. No answer in time, a failure or a null refuses.
    record Await(CompletionStage<Verdict> verdict) implements Verdict {}
}
