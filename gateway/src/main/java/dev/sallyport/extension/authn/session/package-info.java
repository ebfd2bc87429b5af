/// Sessions of browsers, kept at the gateway: a cookie holds an opaque id, shared state a sealed record. Nothing here
/// knows how somebody logged in. Start at `Sessions`.
@NullMarked
package dev.sallyport.extension.authn.session;

import org.jspecify.annotations.NullMarked;
