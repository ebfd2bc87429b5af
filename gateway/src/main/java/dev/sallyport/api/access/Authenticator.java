package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Exchange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One way for a caller to prove who it is; a route tries its authenticators in written order.
///
/// [#authenticate] is called on the exchange's event loop: it must not block. An exception or a failed stage
/// refuses the request. One instance serves all requests and loops, and goes on over reloads that leave its
/// configuration as it was; one that holds threads, connections or timers implements
/// [dev.sallyport.api.plugin.LongLived]. One that takes back what it proved, as a logout does, implements
/// [Revocations] and is asked for its own callers.
public interface Authenticator {
    Authentication authenticate(Exchange exchange);

    /// Whom the credential in `exchange` claims to be of, for authenticators of which that can be guessed at: its
    /// name, a
    /// slash, and the account as [dev.sallyport.api.identity.Principal#id()] or the credential's id would have it.
    /// Nothing
    /// of it is proven. Null when there is no such credential, or it says nothing.
    default @Nullable String claimed(Exchange exchange) {
        return null;
    }

    /// What to answer a request without any credential where one is needed, instead of 401, such as the way to a
    /// login page; [Authentication#NO_CREDENTIAL] for nothing of the kind. Asked in written order, on the event
    /// loop like [#authenticate].
    default Authentication invite(Exchange exchange) {
        return Authentication.NO_CREDENTIAL;
    }

    /// What to answer a request whose caller it proved, but not well enough, instead of 401: the way to a login page
    /// that asks for more; [Authentication#NO_CREDENTIAL] for nothing of the kind. On the event loop like
    /// [#authenticate].
    default Authentication stepUp(Exchange exchange, Strength wanted) {
        return Authentication.NO_CREDENTIAL;
    }

    /// Names of all roles that its callers can have, or null when they can have any.
    default @Nullable Set<String> roles() {
        return null;
    }

    /// Values of `WWW-Authenticate` for a request without credential, such as `Bearer`; empty when the scheme has
    /// no name there. A `resource_metadata` parameter is added by whoever sends a `Bearer` or `DPoP` one.
    default List<String> challenges() {
        return List.of();
    }

    /// Whether judging a credential changes what it is worth, as where each works once: such a one is never judged
    /// only to
    /// explain what it would be worth.
    default boolean usesUp() {
        return false;
    }

    /// Request fields that carry its credential, in lower case: they stay at the gateway unless the route passes
    /// credentials on.
    default Set<String> credentialFields() {
        return Set.of("authorization");
    }

    /// Query parameters that carry its credential: they stay at the gateway as its fields do, and out of the access
    /// log (threat AK-03).
    default Set<String> credentialParameters() {
        return Set.of();
    }

    /// Identifiers of the authorization servers whose tokens it takes (RFC 9728 §2 `authorization_servers`).
    default List<String> authorizationServers() {
        return List.of();
    }

    /// Whether it compares what the caller says with the public URL of the request, so that a route which takes any
    /// host must not use it without a configured `public-url` (threat DP-04).
    default boolean needsPublicUrl() {
        return false;
    }

    /// Whether it keeps secrets in the caller's browser, so that clients have to reach it by `https` (or by a
    /// loopback address, for development).
    default boolean needsHttps() {
        return false;
    }

    /// Whether it can prove nobody on connections whose TLS handshake asks for no client certificate.
    default boolean needsClientCertificate() {
        return false;
    }

    /// What it has to serve itself on the hosts of the routes that use it, such as a login callback.
    default List<LocalEndpoint> endpoints() {
        return List.of();
    }
}
