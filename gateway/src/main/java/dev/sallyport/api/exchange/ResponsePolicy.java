package dev.sallyport.api.exchange;

import dev.sallyport.api.http.ResponseHead;

/// One rule of a route on the head of the final response, upstream's or local, before it is written to the client.
///
/// Called on the exchange's event loop: it must not block. It changes the head through [Exchange#responseEdits()].
public interface ResponsePolicy {
    void onResponse(Exchange exchange, ResponseHead head);
}
