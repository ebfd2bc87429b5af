/// `assert-identity`: what the gateway asserts of callers to upstreams, in tokens signed by its own keys. Start with
/// `AssertIdentity`.
@NullMarked
package dev.sallyport.extension.token.assertion;

import org.jspecify.annotations.NullMarked;
