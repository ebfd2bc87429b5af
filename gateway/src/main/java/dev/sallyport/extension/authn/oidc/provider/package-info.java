/// The OpenID provider as its relying party sees it: metadata, token endpoint, keys, and what its tokens must be.
/// Nothing
/// here knows browsers or sessions.
@NullMarked
package dev.sallyport.extension.authn.oidc.provider;

import org.jspecify.annotations.NullMarked;
