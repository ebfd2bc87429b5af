package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.dataplane.loop.Worker;

/// Makes connections to endpoints.
public interface UpstreamConnector {
    /// Begins to connect on `worker`'s loop, where exactly one method of `outcome` is called, never before this
    /// returns.
    void connect(Worker worker, EndpointState endpoint, UpstreamSettings settings, Owner owner, Outcome outcome);

    /// What becomes of an attempt.
    interface Outcome {
        void connected(UpstreamConnection connection);

        void failed(Failure failure);
    }

    /// What a connection tells the pool that owns it.
    interface Owner {
        /// A call ended and the connection can take another.
        void onAvailable(UpstreamConnection connection);

        /// The connection is closed or takes no more calls.
        void onGone(UpstreamConnection connection);
    }
}
