package dev.sallyport.dataplane.forward;

import dev.sallyport.api.traffic.LoadBalancer;
import java.util.List;

/// A group of endpoints that serve the same; survives reloads that leave its configuration as it was.
public final class Upstream {
    private final UpstreamSettings settings;
    private final LoadBalancer.Factory balancing;
    private volatile EndpointSet current;

    /// The endpoints in use with the balancer made for them; replaced as a whole.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record EndpointSet(EndpointState[] endpoints, LoadBalancer balancer) {}

    /// @param endpoints not empty
    /// @param workers   how many loops there are
    public Upstream(
            UpstreamSettings settings,
            List<EndpointState> endpoints,
            LoadBalancer.Factory balancing,
            UpstreamConnector connector,
            int workers) {
        this.settings = settings;
        this.balancing = balancing;
        EndpointState[] states = endpoints.toArray(EndpointState[]::new);
        this.current = new EndpointSet(states, balancing.create(states));
    }

    public String name() {
        return settings.name();
    }

    public UpstreamSettings settings() {
        return settings;
    }

    /// The endpoints in use now.
    public List<EndpointState> endpoints() {
        return List.of(current.endpoints);
    }

    /// Replaces the endpoints, as discovery found them; states of endpoints that stay must be the same objects. From
    /// any
    /// thread. Connections to endpoints that went take no more requests.
    public void replaceEndpoints(List<EndpointState> endpoints) {
        EndpointState[] states = endpoints.toArray(EndpointState[]::new);
        current = new EndpointSet(states, balancing.create(states));
    }

    /// Takes no more requests; connections close as they become idle. From any thread.
    public void retire() {
        // built with the pools
    }
}
