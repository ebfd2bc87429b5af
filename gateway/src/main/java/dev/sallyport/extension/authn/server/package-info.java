/// What asking an authorization server for the sake of single requests needs, so that neither a flood of tokens nor a
/// broken server is felt beyond its cause: client authentication, a bulkhead, a breaker, and one question at a time.
/// Start with `Questions`.
@NullMarked
package dev.sallyport.extension.authn.server;

import org.jspecify.annotations.NullMarked;
