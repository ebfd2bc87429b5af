/// The gateway beside a real identity provider and a real browser; only in `mvn verify -Pidentity`. Start at
/// `KeycloakIT`.
@NullMarked
package dev.sallyport.identity;

import org.jspecify.annotations.NullMarked;
