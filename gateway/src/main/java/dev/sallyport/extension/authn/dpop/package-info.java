/// DPoP (RFC 9449): proofs that the sender of a token holds the key the token is bound to. Start at `DpopCheck`.
@NullMarked
package dev.sallyport.extension.authn.dpop;

import org.jspecify.annotations.NullMarked;
