package dev.sallyport.dataplane.http1;

/// Numbers as ASCII digits, without an intermediate string.
final class Digits {
    private Digits() {}

    /// Writes `value` (not negative) in decimal at `b[at]`; the index after it.
    static int decimal(long value, byte[] b, int at) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            b[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    /// Writes `value` (not negative) in lower-case hexadecimal at `b[at]`; the index after it.
    static int hexadecimal(int value, byte[] b, int at) {
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(value)) / 4);
        for (int i = digits - 1, rest = value; i >= 0; i--, rest >>>= 4) {
            int digit = rest & 0xf;
            b[at + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        return at + digits;
    }
}
