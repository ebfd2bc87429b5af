package dev.sallyport.dataplane.forward;

import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.tls.UpstreamTls;
import org.jspecify.annotations.Nullable;

/// How an upstream is spoken to.
///
/// @param name     as configured
/// @param protocol which HTTP version
/// @param tls      null for plain text
/// @param timeouts in nanoseconds
/// @param pool     bounds of the connection pool, per loop and endpoint
/// @param maxHead  octets of response head accepted
/// @param concurrency requests at once, over all loops; null for as many as come
public record UpstreamSettings(
        String name,
        Protocol protocol,
        @Nullable UpstreamTls tls,
        Timeouts timeouts,
        Pool pool,
        int maxHead,
        @Nullable Bounds concurrency) {

    /// An upstream that is given as many requests as come.
    public UpstreamSettings(
            String name, Protocol protocol, @Nullable UpstreamTls tls, Timeouts timeouts, Pool pool, int maxHead) {
        this(name, protocol, tls, timeouts, pool, maxHead, null);
    }

    /// Which HTTP version an upstream is spoken to in.
    public enum Protocol {
        /// By ALPN where there is TLS, else HTTP/1.1.
        AUTO,
        HTTP_1_1,
        /// By ALPN where there is TLS, else with prior knowledge.
        HTTP_2
    }

    /// How long each part of a call may take, in nanoseconds.
    ///
    /// @param connect      until the connection is ready, TLS included
    /// @param responseHead from the end of the request to the final head
    /// @param idle         between octets while a body is under way
    /// @param total        from choosing the upstream to the last octet; [Long#MAX_VALUE] for no limit
    public record Timeouts(long connect, long responseHead, long idle, long total) {
        CallTimeouts forCall() {
            return new CallTimeouts(responseHead, idle);
        }
    }

    /// Bounds of a connection pool.
    ///
    /// @param maxConnections open connections, per loop and endpoint
    /// @param maxPending     requests waiting for a connection, per loop and endpoint
    /// @param idle           nanoseconds an unused connection is kept
    /// @param maxAge         nanoseconds after which a connection takes no more requests
    public record Pool(int maxConnections, int maxPending, long idle, long maxAge) {}
}
