package dev.sallyport.api.exchange;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What is known of the connection a request came on; one object per connection, immutable.
///
/// @param peer       the other end of the socket
/// @param listener   the listener's name
/// @param tlsVersion such as `TLSv1.3`, or null for plain text
/// @param serverName the SNI name of the handshake, or null
public record ClientConnection(
        InetSocketAddress peer,
        String listener,
        @Nullable String tlsVersion,
        @Nullable String serverName) {
    public boolean secure() {
        return tlsVersion != null;
    }
}
