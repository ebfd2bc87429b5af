package dev.sallyport.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A reusable buffer in which log lines are put together byte by byte; confined to one thread.
///
/// Everything that is not [raw][#raw] is escaped so that no value can end its string or its line, move a cursor or
/// reorder text (threat LG-01): quotes, backslashes, control and format characters, line separators, and octets
/// that are not UTF-8.
public final class JsonLine {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    /// 0 for an octet that stands for itself, 1 for any other octet of ASCII, 2 beyond ASCII.
    private static final byte[] KIND = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
            KIND[c] = (byte) (plain ? 0 : c < 0x80 ? 1 : 2);
        }
    }

    private byte[] bytes;
    private int length;

    public JsonLine(int capacity) {
        bytes = new byte[capacity];
    }

    /// The backing array, shared; valid until something is added.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// Forgets everything from `newLength` on.
    public void truncate(int newLength) {
        length = newLength;
    }

    /// Forgets the first `count` bytes.
    public void discard(int count) {
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /// Adds bytes as they are.
    public void raw(byte[] encoded) {
        ensure(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
    }

    /// Adds one byte as it is.
    public void raw(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    /// Adds the inside of a string from octets that should be UTF-8; each that is not becomes U+FFFD.
    public void octets(byte[] source, int from, int to) {
        ensure((to - from) * 6);
        byte[] out = bytes;
        int at = length;
        int i = from;
        while (i < to) {
            byte octet = source[i];
            int kind = KIND[octet & 0xff];
            if (kind == 0) {
                out[at++] = octet;
                i++;
            } else if (kind == 1) {
                at = escape(out, at, octet);
                i++;
            } else {
                int size = sequence(source, i, to);
                if (size == 0) {
                    at = put(out, at, REPLACEMENT);
                    i++;
                } else {
                    at = beyondAscii(out, at, decode(source, i, size));
                    i += size;
                }
            }
        }
        length = at;
    }

    /// Adds the inside of a string from text; half a surrogate pair becomes U+FFFD.
    public void text(String text) {
        int count = text.length();
        ensure(count * 6);
        byte[] out = bytes;
        int at = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (KIND[c] == 0) {
                    out[at++] = (byte) c;
                } else {
                    at = escape(out, at, c);
                }
            } else if (Character.isSurrogate(c)) {
                int point = text.codePointAt(i);
                if (Character.isSupplementaryCodePoint(point)) {
                    at = beyondAscii(out, at, point);
                    i++;
                } else {
                    at = put(out, at, REPLACEMENT);
                }
            } else {
                at = beyondAscii(out, at, c);
            }
        }
        length = at;
    }

    /// Adds a decimal number.
    public void number(long value) {
        ensure(20);
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                raw("-9223372036854775808".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            bytes[length++] = '-';
            value = -value;
        }
        int digits = 1;
        for (long power = 10; digits < 19 && value >= power; power *= 10) {
            digits++;
        }
        digits(value, digits);
    }

    /// Adds the last `count` decimal digits of a number.
    public void digits(long value, int count) {
        ensure(count);
        for (int i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        length += count;
    }

    /// Adds a time given in nanoseconds as milliseconds with three decimals.
    public void millis(long nanos) {
        long micros = Math.max(0, nanos) / 1000;
        number(micros / 1000);
        ensure(4);
        bytes[length++] = '.';
        digits(micros % 1000, 3);
    }

    /// Adds 16 hexadecimal digits.
    public void hex(long value) {
        ensure(16);
        for (int i = length + 15; i >= length; i--) {
            bytes[i] = HEX[(int) value & 15];
            value >>>= 4;
        }
        length += 16;
    }

    private static int escape(byte[] out, int at, int c) {
        out[at] = '\\';
        switch (c) {
            case '"', '\\' -> out[at + 1] = (byte) c;
            case '\n' -> out[at + 1] = 'n';
            case '\r' -> out[at + 1] = 'r';
            case '\t' -> out[at + 1] = 't';
            default -> {
                return unicode(out, at, c);
            }
        }
        return at + 2;
    }

    private static int unicode(byte[] out, int at, int unit) {
        out[at] = '\\';
        out[at + 1] = 'u';
        out[at + 2] = HEX[unit >> 12 & 15];
        out[at + 3] = HEX[unit >> 8 & 15];
        out[at + 4] = HEX[unit >> 4 & 15];
        out[at + 5] = HEX[unit & 15];
        return at + 6;
    }

    private static int put(byte[] out, int at, byte[] encoded) {
        System.arraycopy(encoded, 0, out, at, encoded.length);
        return at + encoded.length;
    }

    private static int beyondAscii(byte[] out, int at, int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> escapedPoint(out, at, point);
            default -> encode(out, at, point);
        };
    }

    private static int escapedPoint(byte[] out, int at, int point) {
        if (point < 0x10000) {
            return unicode(out, at, point);
        }
        return unicode(out, unicode(out, at, Character.highSurrogate(point)), Character.lowSurrogate(point));
    }

    private static int encode(byte[] out, int at, int point) {
        if (point < 0x800) {
            out[at++] = (byte) (0xc0 | (point >> 6));
        } else {
            if (point < 0x10000) {
                out[at++] = (byte) (0xe0 | (point >> 12));
            } else {
                out[at++] = (byte) (0xf0 | (point >> 18));
                out[at++] = (byte) (0x80 | ((point >> 12) & 0x3f));
            }
            out[at++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        }
        out[at++] = (byte) (0x80 | (point & 0x3f));
        return at;
    }

    /// How many octets the well-formed UTF-8 sequence at `i` has, or 0 when there is none (Unicode table 3-7).
    private static int sequence(byte[] source, int i, int to) {
        int lead = source[i] & 0xff;
        int size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4 || i + size > to) {
            return 0;
        }
        int second = source[i + 1] & 0xff;
        int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < size; k++) {
            if ((source[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    private static int decode(byte[] source, int i, int size) {
        int point = source[i] & (0x7f >> size);
        for (int k = 1; k < size; k++) {
            point = (point << 6) | (source[i + k] & 0x3f);
        }
        return point;
    }
}
