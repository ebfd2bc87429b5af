package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.dataplane.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a port is served.
///
/// @param facts          what its connections know of it
/// @param bind           address and port; port 0 for any free one
/// @param protocols      what clients may speak
/// @param tls            null for plain text
public record ListenerSettings(
        ClientConnection.Listener facts,
        InetSocketAddress bind,
        Set<Protocol> protocols,
        @Nullable ServerTls tls,
        Limits limits) {
    public ListenerSettings {
        protocols = Set.copyOf(protocols);
    }

    /// As configured.
    public String name() {
        return facts.name();
    }

    /// Peers whose forwarding fields are believed; usually none.
    public List<AddressRange> trustedProxies() {
        return facts.trustedProxies();
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
    /// @param handshakes            of TLS that are not over, at once
    /// @param handshakesPerAddress  of them, those of one address (IPv6: /64)
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
            int handshakes,
            int handshakesPerAddress,
            int streamsPerConnection) {}
}
