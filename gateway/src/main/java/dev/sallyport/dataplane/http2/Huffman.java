package dev.sallyport.dataplane.http2;

/// The string code of HPACK (RFC 7541 §5.2, Appendix B), decoding only.
///
/// The code is canonical: symbols sorted by code length, then by value, have consecutive codes. So the lengths
/// alone define it.
final class Huffman {
    private static final int EOS = 256;
    private static final int LONGEST = 30;
    private static final int FAST_BITS = 9;

    /// Code lengths of the octets 0 to 255 and of the end of string.
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, //
        28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, //
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, //
        7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, //
        23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, //
        21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30
    };

    /// Symbols in the order of their codes.
    private static final short[] SORTED = new short[EOS + 1];

    /// For each length: the first code, where its symbols begin in [#SORTED], and how many there are.
    private static final int[] FIRST_CODE = new int[LONGEST + 1];

    private static final int[] FIRST_SYMBOL = new int[LONGEST + 1];
    private static final int[] COUNT = new int[LONGEST + 1];

    /// For the next [#FAST_BITS] bits: symbol in the low octet and length above it, or 0 where the code is longer.
    private static final short[] FAST = new short[1 << FAST_BITS];

    static {
        int code = 0;
        int next = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            FIRST_CODE[length] = code;
            FIRST_SYMBOL[length] = next;
            for (int symbol = 0; symbol <= EOS; symbol++) {
                if (LENGTHS[symbol] == length) {
                    SORTED[next++] = (short) symbol;
                    if (length <= FAST_BITS) {
                        int from = code << (FAST_BITS - length);
                        for (int i = from; i < from + (1 << (FAST_BITS - length)); i++) {
                            FAST[i] = (short) (length << 8 | symbol);
                        }
                    }
                    code++;
                }
            }
            COUNT[length] = next - FIRST_SYMBOL[length];
        }
    }

    private Huffman() {}

    /// How long a string can be that `encoded` octets stand for.
    static int longest(int encoded) {
        return encoded * 8 / 5;
    }

    /// Decodes `source[from, to)` to `target` at `at`; returns where the string ends there, or −1 when it is
    /// invalid.
    static int decode(byte[] source, int from, int to, byte[] target, int at) {
        long bits = 0;
        int available = 0;
        int written = at;
        int read = from;
        while (true) {
            while (available <= 32 && read < to) {
                bits = bits << 8 | (source[read++] & 0xff);
                available += 8;
            }
            if (available == 0) {
                return written;
            }
            int peek = available >= FAST_BITS
                    ? (int) (bits >>> (available - FAST_BITS)) & ((1 << FAST_BITS) - 1)
                    : (int) (bits << (FAST_BITS - available)) & ((1 << FAST_BITS) - 1);
            int fast = FAST[peek];
            if (fast != 0) {
                int length = fast >> 8;
                if (length <= available) {
                    target[written++] = (byte) fast;
                    available -= length;
                    continue;
                }
                return padded(bits, available) ? written : -1;
            }
            int taken = 0;
            for (int length = FAST_BITS + 1; length <= LONGEST && length <= available; length++) {
                int offset = (int) (bits >>> (available - length) & ((1L << length) - 1)) - FIRST_CODE[length];
                if (offset >= 0 && offset < COUNT[length]) {
                    int symbol = SORTED[FIRST_SYMBOL[length] + offset];
                    if (symbol == EOS) {
                        return -1;
                    }
                    target[written++] = (byte) symbol;
                    taken = length;
                    break;
                }
            }
            if (taken == 0) {
                return padded(bits, available) ? written : -1;
            }
            available -= taken;
        }
    }

    /// Whether what is left is a proper end: fewer than eight bits, all of them set.
    private static boolean padded(long bits, int available) {
        int mask = (1 << available) - 1;
        return available < 8 && ((int) bits & mask) == mask;
    }
}
