package dev.sallyport.api.exchange;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What is known of the connection a request came on; one object per connection, immutable.
public final class ClientConnection {
    private final InetSocketAddress peer;
    private final String listener;
    private final @Nullable String tlsVersion;
    private final @Nullable String serverName;
    private final byte[] peerText;

    /// @param peer       the other end of the socket
    /// @param listener   the listener's name
    /// @param tlsVersion such as `TLSv1.3`, or null for plain text
    /// @param serverName the SNI name of the handshake, or null
    public ClientConnection(
            InetSocketAddress peer, String listener, @Nullable String tlsVersion, @Nullable String serverName) {
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
