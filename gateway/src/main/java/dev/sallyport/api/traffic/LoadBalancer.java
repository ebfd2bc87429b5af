package dev.sallyport.api.traffic;

import dev.sallyport.api.exchange.Exchange;

/// Picks the endpoint that serves an exchange.
///
/// One instance serves all loops of one set of endpoints; a changed set gets a new instance. Called on event
/// loops, several at once: it must not block or lock.
public interface LoadBalancer {
    /// The index of an endpoint whose bit in `excluded` is not set, or −1 when there is none.
    ///
    /// @param excluded endpoints not to be asked (again), as bits by index; endpoints beyond 63 are never excluded
    int pick(Exchange exchange, long excluded);

    /// Makes balancers of one kind.
    interface Factory {
        /// A balancer over these endpoints.
        ///
        /// @param endpoints not empty, not modified afterwards
        LoadBalancer create(Endpoint[] endpoints);
    }
}
