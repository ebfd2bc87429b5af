package dev.sallyport.controlplane.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// An address of this machine to listen on, such as `127.0.0.1:8080` or `[::]:8443`; port 0 takes any free one.
public record BindAddress(InetAddress address, int port) {
    private static final String EXPECTED =
            " (expected: address:port, such as 127.0.0.1:8080, 0.0.0.0:8443 or [::1]:8080)";

    /// Reads an address; names are not looked up, `localhost` is 127.0.0.1.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static BindAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        if (literal.equals("localhost")) {
            literal = "127.0.0.1";
        }
        boolean valid = bracketed
                ? literal.matches("[0-9a-fA-F:.]+") && literal.indexOf(':') >= 0
                : literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        try {
            int port = Ports.parse(text.substring(colon + 1));
            if (!valid || port < 0) {
                throw new IllegalArgumentException(text + EXPECTED);
            }
            return new BindAddress(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + EXPECTED, e);
        }
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /// Whether only this machine can reach it.
    public boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    /// Whether both cannot be bound at once.
    public boolean clashesWith(BindAddress other) {
        return port == other.port
                && port != 0
                && (address.equals(other.address) || address.isAnyLocalAddress() || other.address.isAnyLocalAddress());
    }

    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
