package dev.sallyport.extension.authn.sender;

import dev.sallyport.api.plugin.Doc;

/// What a token may be bound to.
public enum BoundTo {
    @Doc("A key of the client's, by a proof with each request (RFC 9449).")
    DPOP,
    @Doc("The client certificate of the connection (RFC 8705).")
    MTLS
}
