/// What asking an authorization server needs beyond what `remote` has: how the gateway proves itself there, how much is
/// asked, what is said when it fails. Start with `ServerEndpoint`.
@NullMarked
package dev.sallyport.extension.authn.server;

import org.jspecify.annotations.NullMarked;
