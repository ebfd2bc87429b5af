/// What upstreams are told of the caller in plain header fields. Start with `IdentityHeaders`.
@NullMarked
package dev.sallyport.extension.token.identity;

import org.jspecify.annotations.NullMarked;
