package dev.sallyport.extension.observe.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// A network, or a proven caller.
///
/// @param network a /24 of IPv4 or a /48 of IPv6, see [#network(InetAddress)]; 0 for a caller
/// @param authenticator what proved the caller; empty for a network
/// @param caller  the caller's id; null for a network
public record SourceKey(
        long network, String authenticator, @Nullable String caller) {
    private static final long IPV4 = 4L << 56;
    private static final long IPV6 = 6L << 56;
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;
    private static final int IPV6_PREFIX_OCTETS = 6;

    /// The network that `address` is in.
    public static SourceKey of(InetAddress address) {
        return new SourceKey(network(address), "", null);
    }

    /// The number of the network that `address` is in; nobody owns single addresses of it for long.
    static long network(InetAddress address) {
        byte[] octets = address.getAddress();
        int significant = octets.length == IPV4_OCTETS ? IPV4_OCTETS - 1 : IPV6_PREFIX_OCTETS;
        long number = 0;
        for (int i = 0; i < significant; i++) {
            number = (number << 8) | (octets[i] & 0xff);
        }
        return number | (octets.length == IPV4_OCTETS ? IPV4 : IPV6);
    }

    public boolean isNetwork() {
        return caller == null;
    }

    /// As people write it: `203.0.113.0/24`, `2001:db8:7::/48`, `staff/anna`.
    @Override
    public String toString() {
        if (caller != null) {
            return authenticator + "/" + caller;
        }
        boolean four = network >>> 56 == 4;
        if (four) {
            return ((network >>> 16) & 0xff) + "." + ((network >>> 8) & 0xff) + "." + (network & 0xff) + ".0/24";
        }
        byte[] octets = new byte[IPV6_OCTETS];
        for (int i = 0; i < IPV6_PREFIX_OCTETS; i++) {
            octets[i] = (byte) (network >>> (8 * (IPV6_PREFIX_OCTETS - 1 - i)));
        }
        try {
            String text = InetAddress.getByAddress(octets).getHostAddress();
            return text.replaceFirst("(:0)+$", "::") + "/48";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen octets are an address", e);
        }
    }
}
