package dev.sallyport.dataplane.snapshot;

/// The snapshot new exchanges begin with: one volatile field, written by the reloader, read by every loop.
public final class CurrentSnapshot {
    private volatile GatewaySnapshot snapshot;

    public CurrentSnapshot(GatewaySnapshot first) {
        snapshot = first;
    }

    public GatewaySnapshot get() {
        return snapshot;
    }

    public void replace(GatewaySnapshot next) {
        snapshot = next;
    }
}
