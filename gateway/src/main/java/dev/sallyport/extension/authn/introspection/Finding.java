package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a token.
sealed interface Finding {
    /// It is good.
    ///
    /// @param confirmation the members of `cnf`, null when it is bound to nobody
    record Good(Principal principal, @Nullable Map<?, ?> confirmation) implements Finding {}

    /// It is not.
    record Bad(TokenFault fault) implements Finding {}
}
