package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import java.util.concurrent.CompletionStage;

/// What an [Authenticator] found.
public sealed interface Authentication {
    Authentication NO_CREDENTIAL = new NoCredential();

    record Proven(Principal principal) implements Authentication {}

    /// Nothing here for this authenticator: the next one is asked.
    record NoCredential() implements Authentication {}

    /// A credential is present and bad: the request is refused, whatever other authenticators would say.
    record BadCredential(Refusal refusal) implements Authentication {}

    /// The caller has to do something first.
    record Challenge(Refusal refusal) implements Authentication {}

    record Await(CompletionStage<Authentication> authentication) implements Authentication {}
}
