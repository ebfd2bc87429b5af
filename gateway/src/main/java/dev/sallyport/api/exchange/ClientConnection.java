package dev.sallyport.api.exchange;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of the connection a request came on; one object per connection. Immutable but for
/// [what became of its requests][#didWell()], which is confined to its event loop.
public final class ClientConnection {
    private final InetSocketAddress peer;
    private final Listener listener;
    private final @Nullable String tlsVersion;
    private final @Nullable String serverName;
    private final List<X509Certificate> certificates;
    private final byte[] peerText;
    private final @Nullable String cipher;
    private boolean didWell;

    /// What a connection has of its listener.
    ///
    /// @param trustedProxies whose forwarding fields are believed (threat HD-03)
    /// @param publicUrl      scheme and authority that clients use, without slash at the end; null for as asked
    public record Listener(
            String name,
            List<AddressRange> trustedProxies,
            @Nullable String publicUrl) {
        public Listener {
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

    /// A connection whose peer's forwarding fields are not believed.
    public ClientConnection(
            InetSocketAddress peer, String listener, @Nullable String tlsVersion, @Nullable String serverName) {
        this(peer, new Listener(listener, List.of(), null), tlsVersion, serverName, List.of());
    }

    /// A connection.
    ///
    /// @param peer           the other end of the socket
    /// @param listener       where it came in
    /// @param tlsVersion     such as `TLSv1.3`, or null for plain text
    /// @param serverName     the SNI name of the handshake, or null
    /// @param certificates   what the client proved in the handshake, its own first; empty when it showed none
    public ClientConnection(
            InetSocketAddress peer,
            Listener listener,
            @Nullable String tlsVersion,
            @Nullable String serverName,
            List<X509Certificate> certificates) {
        this(peer, listener, tlsVersion, serverName, certificates, null);
    }

    /// A connection of which it is known how it is encrypted.
    ///
    /// @param cipher the cipher suite, or null
    public ClientConnection(
            InetSocketAddress peer,
            Listener listener,
            @Nullable String tlsVersion,
            @Nullable String serverName,
            List<X509Certificate> certificates,
            @Nullable String cipher) {
        this.cipher = cipher;
        this.certificates = List.copyOf(certificates);
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
        List<AddressRange> trustedProxies = listener.trustedProxies();
        for (int i = 0; i < trustedProxies.size(); i++) {
            if (trustedProxies.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// The listener's name.
    public String listener() {
        return listener.name();
    }

    /// The scheme and authority that clients know this listener's resources by, or null when that is what they ask
    /// for.
    public @Nullable String publicUrl() {
        return listener.publicUrl();
    }

    public @Nullable String tlsVersion() {
        return tlsVersion;
    }

    public @Nullable String serverName() {
        return serverName;
    }

    /// The certificates the client proved in this connection's handshake, its own first; empty when it showed none.
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /// The cipher suite, null for plain text or when it is not known.
    public @Nullable String cipher() {
        return cipher;
    }

    /// Whether requests on it went well, their callers proven, and none spoke against who sends them.
    public boolean didWell() {
        return didWell;
    }

    public void didWell(boolean now) {
        didWell = now;
    }

    public boolean secure() {
        return tlsVersion != null;
    }

    /// The scheme that requests on this connection have.
    public String scheme() {
        return secure() ? "https" : "http";
    }
}
