package dev.sallyport.remote;

import java.net.InetAddress;

/// The network a client is counted as: an IPv4 address, or an IPv6 /64, which is what one customer has.
///
/// @param four whether it is an IPv4 address
/// @param bits the address, or its first half
public record Network(boolean four, long bits) {
    /// The network of a client at `address`.
    public static Network of(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return new Network(true, number(octets, 0, 4));
        }
        boolean mapped = number(octets, 0, 8) == 0 && number(octets, 8, 12) == 0xffff;
        return mapped ? new Network(true, number(octets, 12, 16)) : new Network(false, number(octets, 0, 8));
    }

    private static long number(byte[] octets, int start, int end) {
        long value = 0;
        for (int i = start; i < end; i++) {
            value = value << 8 | (octets[i] & 0xff);
        }
        return value;
    }
}
