package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Exchange;

/// Says whether the caller of an exchange may do what it asks.
///
/// Called on the exchange's event loop after authentication: it must not block. An exception or a failed stage
/// refuses.
public interface Authorizer {
    Verdict judge(Exchange exchange);
}
