/// `kind: introspection`: opaque tokens, about which their authorization server is asked (RFC 7662). Start with
/// `Introspection`.
@NullMarked
package dev.sallyport.extension.authn.introspection;

import org.jspecify.annotations.NullMarked;
