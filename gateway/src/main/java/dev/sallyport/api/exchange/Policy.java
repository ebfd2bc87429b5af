package dev.sallyport.api.exchange;

/// One rule of a route, asked once per request in its phase.
///
/// Called on the exchange's event loop: it must not block; what takes time is returned as [Decision.Await]. An
/// exception refuses the request. One instance serves all requests and loops of a snapshot.
public interface Policy {
    /// The phase this policy belongs to; neither `ADMIT`, `FORWARD` nor `RECORD`.
    Phase phase();

    Decision decide(Exchange exchange);

    /// Whether [#decide] asks nobody and changes nothing but the exchange, so that it may also be asked what would
    /// become of a request that nobody sent.
    default boolean foreseeable() {
        return false;
    }
}
