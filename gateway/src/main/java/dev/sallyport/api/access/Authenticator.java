package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Exchange;

/// One way for a caller to prove who it is; a route tries its authenticators in written order.
///
/// Called on the exchange's event loop: it must not block. An exception or a failed stage refuses the request.
public interface Authenticator {
    Authentication authenticate(Exchange exchange);
}
