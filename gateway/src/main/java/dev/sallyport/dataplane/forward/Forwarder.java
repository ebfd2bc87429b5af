package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.dataplane.admit.Admission;
import dev.sallyport.dataplane.loop.Worker;

/// Takes an admitted exchange to an upstream: picks an endpoint, connects, tries another where nothing was sent.
public final class Forwarder {
    private final Upstream upstream;
    private final String serverName;

    /// @param serverName the pseudonym in `Via`
    public Forwarder(Upstream upstream, String serverName) {
        this.upstream = upstream;
        this.serverName = serverName;
    }

    public Upstream upstream() {
        return upstream;
    }

    String serverName() {
        return serverName;
    }

    /// A call that forwards `exchange`, to be [started][ForwardedCall#start].
    ///
    /// @param admission  proof that the gate let the exchange in
    /// @param bodyLength octets of request body declared, 0 for none, −1 for an unknown number
    public ForwardedCall forward(
            Worker worker, Exchange exchange, Admission admission, long bodyLength, UpstreamListener listener) {
        if (!admission.rule().equals(exchange.admittedBy())) {
            throw new IllegalStateException("the admission is not this exchange's");
        }
        return new ForwardedCall(this, worker, exchange, bodyLength, listener);
    }
}
