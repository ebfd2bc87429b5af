package dev.sallyport.api.exchange;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of the connection a request came on; one object per connection, immutable.
public final class ClientConnection {
    private final InetSocketAddress peer;
    private final String listener;
    private final @Nullable String tlsVersion;
    private final @Nullable String serverName;
    private final List<AddressRange> trustedProxies;
    private final byte[] peerText;

    /// A connection whose peer's forwarding fields are not believed.
    public ClientConnection(
            InetSocketAddress peer, String listener, @Nullable String tlsVersion, @Nullable String serverName) {
        this(peer, listener, tlsVersion, serverName, List.of());
    }

    /// A connection.
    ///
    /// @param peer           the other end of the socket
    /// @param listener       the listener's name
    /// @param tlsVersion     such as `TLSv1.3`, or null for plain text
    /// @param serverName     the SNI name of the handshake, or null
    /// @param trustedProxies whose forwarding fields are believed (threat HD-03)
    public ClientConnection(
            InetSocketAddress peer,
            String listener,
            @Nullable String tlsVersion,
            @Nullable String serverName,
            List<AddressRange> trustedProxies) {
        this.trustedProxies = List.copyOf(trustedProxies);
        this.peer = peer;
        this.listener = listener;
        this.tlsVersion = tlsVersion;
        this.serverName = serverName;
        this.peerText = peer.getAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII);
    }

    public InetSocketAddress peer() {
        return peer;
    }

    /// The peer's address (without port) as text, made once per connection; shared: must not be modified.
    public byte[] peerText() {
        return peerText;
    }

    /// Whether `address` is a proxy whose forwarding fields are believed.
    public boolean trusts(InetAddress address) {
        for (int i = 0; i < trustedProxies.size(); i++) {
            if (trustedProxies.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    public String listener() {
        return listener;
    }

    public @Nullable String tlsVersion() {
        return tlsVersion;
    }

    public @Nullable String serverName() {
        return serverName;
    }

    public boolean secure() {
        return tlsVersion != null;
    }

    /// The scheme that requests on this connection have.
    public String scheme() {
        return secure() ? "https" : "http";
    }
}
