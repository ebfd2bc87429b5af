package dev.sallyport.api.access;

import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import java.util.concurrent.CompletionStage;

/// What an [Authenticator] found.
public sealed interface Authentication {
    Authentication NO_CREDENTIAL = new NoCredential();

    record Proven(Principal principal) implements Authentication {}

    /// Nothing here for this authenticator: the next one is asked.
    record NoCredential() implements Authentication {}

    /// A credential of a form this authenticator takes, but not for it to judge, such as a token of another issuer:
    /// the next one is asked; when no other takes it, the request is refused for this reason, never anonymous.
    record Unclaimed(Refusal refusal) implements Authentication {}

    /// A credential is present and bad: the request is refused, whatever other authenticators would say.
    record BadCredential(Refusal refusal) implements Authentication {}

    /// The caller has to do something first.
    record Challenge(Refusal refusal) implements Authentication {}

    /// The answer is made here, such as the redirect to a login page.
    record Answer(LocalResponse response) implements Authentication {}

    /// Not known yet. No answer in time, a failure or a null refuses.
    record Await(CompletionStage<Authentication> authentication) implements Authentication {}
}
