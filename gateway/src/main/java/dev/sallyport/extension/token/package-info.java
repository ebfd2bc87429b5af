/// Tokens that the gateway makes: its own signing keys, what it asserts of callers to upstreams, and the token
/// service. Proofs that callers show are `extension.authn`; the two never see each other.
@NullMarked
package dev.sallyport.extension.token;

import org.jspecify.annotations.NullMarked;
