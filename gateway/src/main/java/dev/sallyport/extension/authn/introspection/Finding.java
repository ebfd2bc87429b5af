package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.extension.authn.sender.GoodToken;

/// What is known of a token.
sealed interface Finding {
    /// It is good.
    ///
    /// @param proven the same answer for every request
    record Good(Authentication.Proven proven, Confirmation confirmation) implements Finding, GoodToken {
        Principal principal() {
            return proven.principal();
        }

        @Override
        public Authentication fromItsSender(ShownToken.Scheme scheme) {
            return proven;
        }
    }

    /// It is not.
    record Bad(TokenFault fault) implements Finding {}
}
