package dev.sallyport.dataplane.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// An address as two words; an IPv4 address in whatever form is the same (threat RL-02), and of an IPv6 address only
/// the
/// leading bits count, which a client cannot choose (threat RL-01).
///
/// @param ipv6 whether it is none of IPv4
public record Network(boolean ipv6, long high, long low) {
    private static final long MAPPED = 0xffff_0000_0000L;

    public static Network of(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return new Network(false, 0, word(octets, 0, 4));
        }
        long high = word(octets, 0, 8);
        long low = word(octets, 8, 16);
        return high == 0 && (low & ~0xffff_ffffL) == MAPPED
                ? new Network(false, 0, low & 0xffff_ffffL)
                : new Network(true, high, low);
    }

    private static long word(byte[] octets, int from, int to) {
        long word = 0;
        for (int i = from; i < to; i++) {
            word = (word << 8) | (octets[i] & 0xff);
        }
        return word;
    }

    /// An address or a network written as one; null when `text` is neither. Names are not looked up.
    public static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean dots = false;
        boolean colons = false;
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            dots |= c == '.';
            colons |= c == ':';
            if (c != '.' && c != ':' && Character.digit(c, 16) < 0) {
                return null;
            }
        }
        if (!dots && !colons) {
            return null;
        }
        try {
            return of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static long leading(long word, int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? word : word & (-1L << (64 - bits));
    }

    /// Its leading bits.
    public Network masked(int ipv4Bits, int ipv6Bits) {
        return ipv6
                ? new Network(true, leading(high, ipv6Bits), leading(low, ipv6Bits - 64))
                : new Network(false, 0, leading(low << 32, ipv4Bits) >>> 32);
    }

    /// Adds its leading bits to `hash`.
    public void addTo(KeyHash hash, int ipv4Bits, int ipv6Bits) {
        Network masked = masked(ipv4Bits, ipv6Bits);
        hash.add(ipv6 ? 6 : 4).add(masked.high).add(masked.low);
    }

    /// As operators see it.
    public String text(int ipv4Bits, int ipv6Bits) {
        Network masked = masked(ipv4Bits, ipv6Bits);
        byte[] octets = new byte[ipv6 ? 16 : 4];
        for (int i = 0; i < octets.length; i++) {
            long word = ipv6 && i < 8 ? masked.high : masked.low;
            int last = ipv6 ? 7 : 3;
            octets[i] = (byte) (word >>> (8 * (last - (i & last))));
        }
        try {
            String address = InetAddress.getByAddress(octets).getHostAddress();
            int bits = ipv6 ? ipv6Bits : ipv4Bits;
            return bits == octets.length * 8 ? address : address + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 octets are an address", e);
        }
    }
}
