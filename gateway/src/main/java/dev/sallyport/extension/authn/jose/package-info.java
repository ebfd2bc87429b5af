/// Tokens in compact form (RFC 7515, 7516), read strictly, and the keys they are verified with: `CompactToken` and
/// `KeySet` are where to start. Nothing here fetches or decides who a caller is.
@NullMarked
package dev.sallyport.extension.authn.jose;

import org.jspecify.annotations.NullMarked;
