package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.dataplane.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a port is served.
///
/// @param name           as configured
/// @param bind           address and port; port 0 for any free one
/// @param protocols      what clients may speak
/// @param tls            null for plain text
/// @param trustedProxies peers whose forwarding fields are believed (threat HD-03); usually none
public record ListenerSettings(
        String name,
        InetSocketAddress bind,
        Set<Protocol> protocols,
        @Nullable ServerTls tls,
        List<AddressRange> trustedProxies,
        Limits limits) {
    public ListenerSettings {
        protocols = Set.copyOf(protocols);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /// A client protocol. Without TLS, HTTP/2 is taken with prior knowledge (its preface) only.
    public enum Protocol {
        HTTP_1_1,
        HTTP_2
    }

    /// What a client may use up; times in nanoseconds, sizes in octets.
    ///
    /// @param head                  request line and fields
    /// @param fields                how many header fields
    /// @param body                  of one request
    /// @param headTimeout           from the first octet of a request (or the connection's start) to the end of
    ///     its
    /// head
    /// @param bodyMinRate           octets per second that a body must arrive at, after a grace of a few seconds
    /// @param idleTimeout           between requests, and between octets that a client should take or send
    /// @param connections           open at once
    /// @param connectionsPerAddress open at once from one address (IPv6: /64)
    /// @param streamsPerConnection  HTTP/2 streams at once
    public record Limits(
            int head,
            int fields,
            long body,
            long headTimeout,
            long bodyMinRate,
            long idleTimeout,
            int connections,
            int connectionsPerAddress,
            int streamsPerConnection) {}
}
