package dev.sallyport.dataplane.forward;

/// Takes an admitted exchange to an upstream: picks an endpoint, connects, tries another where nothing was sent.
public final class Forwarder {
    private final Upstream upstream;

    public Forwarder(Upstream upstream) {
        this.upstream = upstream;
    }

    public Upstream upstream() {
        return upstream;
    }
}
