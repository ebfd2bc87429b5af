package dev.sallyport.api.traffic;

/// One address of an upstream as a load balancer sees it. Counts are of this process and approximate between
/// loops.
public interface Endpoint {
    /// `host:port`, stable for the life of the endpoint.
    String address();

    /// 1 to 1000.
    int weight();

    /// Requests being served now.
    int inFlight();

    /// The moving average of the time to the response head, in nanoseconds; 0 until there is one.
    long latency();
}
