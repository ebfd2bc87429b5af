package dev.sallyport.api.exchange;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/// A range of IP addresses in CIDR notation. IPv4-mapped IPv6 addresses count as the IPv4 address they hold
/// (HD-17).
public final class AddressRange {
    private final byte[] network;
    private final int prefix;
    private final String text;

    private AddressRange(byte[] network, int prefix, String text) {
        this.network = network;
        this.prefix = prefix;
        this.text = text;
    }

    /// Parses `10.0.0.0/8`, `2001:db8::/32` or a single address.
    ///
    /// @throws IllegalArgumentException when `text` is none of these; host names are not looked up
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = network(slash < 0 ? text : text.substring(0, slash), text);
        int bits = network.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(text + " (expected: a prefix length of 0 to " + bits + ")");
        }
        return new AddressRange(network, prefix, text);
    }

    private static byte[] network(String address, String text) {
        // what others read as octal, or as fewer than four numbers, is no address here (threat US-02)
        if (address.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*|(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*)){3}")) {
            try {
                return InetAddress.ofLiteral(address).getAddress();
            } catch (IllegalArgumentException _) {
                // told below
            }
        }
        throw new IllegalArgumentException(text + " (expected: an address such as 10.0.0.0/8 or ::1)");
    }

    private static int prefix(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = canonical(address);
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefix / 8;
        if (!Arrays.equals(bytes, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = prefix % 8;
        return rest == 0 || ((bytes[whole] ^ network[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    private static byte[] canonical(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address || bytes.length == 4) {
            return bytes;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1 ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange that && prefix == that.prefix && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + prefix;
    }

    @Override
    public String toString() {
        return text;
    }
}
