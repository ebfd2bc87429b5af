package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Refusal;
import java.util.concurrent.CompletionStage;

/// What an [Authorizer] says; never a boolean, so that each answer names its reason.
public sealed interface Verdict {
    /// The caller may.
    ///
    /// @param rule the rule that decided, for log and explanation
    record Allow(String rule) implements Verdict {}

    record Deny(Refusal reason) implements Verdict {
        /// No rule allows it.
        public static final Deny NOBODY =
                new Deny(Refusal.of(403, "access-denied", "Forbidden", "No rule allows this request."));
    }

    record Await(CompletionStage<Verdict> verdict) implements Verdict {}
}
