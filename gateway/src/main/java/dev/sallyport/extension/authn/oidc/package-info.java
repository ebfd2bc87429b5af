/// Logging browsers in at an OpenID provider, as its relying party: code flow with PKCE, a session kept here, refresh,
/// logout from either side. `OidcLogin` is what routes ask; everything that waits lies behind it, on virtual threads.
@NullMarked
package dev.sallyport.extension.authn.oidc;

import org.jspecify.annotations.NullMarked;
