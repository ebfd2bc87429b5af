/// `token-exchange`: callers' tokens are exchanged for tokens made for one upstream (RFC 8693). Start with
/// `TokenExchange`.
@NullMarked
package dev.sallyport.extension.authn.exchange;

import org.jspecify.annotations.NullMarked;
