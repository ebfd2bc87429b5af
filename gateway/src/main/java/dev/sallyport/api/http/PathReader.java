package dev.sallyport.api.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Brings a path into its canonical form (RFC 3986 §6.2.2), or refuses it where parsers are known to disagree.
///
/// In the result unreserved characters are never escaped, escapes are in upper case, and there are no dot
/// segments: they
/// are resolved before anything is matched, and refused when they climb above the root or stand beside `;` or an
/// encoded
/// slash. Escapes are decoded once: `%25` stays. Reading a result again gives the same result. One pass, linear
/// time; reusable, confined to one thread.
public final class PathReader {
    private static final byte PLAIN = 0;
    private static final byte SLASH = 1;
    private static final byte PERCENT = 2;
    private static final byte SEMICOLON = 3;
    private static final byte QUESTION = 4;
    /// Not of a URI, yet sent unescaped by browsers: escaped here, so that both spellings are one.
    private static final byte LOOSE = 5;
    private static final byte HASH = 6;
    private static final byte REFUSED = 7;

    private static final byte[] KIND = new byte[256];
    private static final byte[] HEX = new byte[256];
    private static final boolean[] UNRESERVED = new boolean[128];
    private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int OUTSIDE = -1;

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            boolean unreserved = alphanumeric || "-._~".indexOf(c) >= 0;
            if (c < 128) {
                UNRESERVED[c] = unreserved;
            }
            KIND[c] = unreserved || "!$&'()*+,=:@".indexOf(c) >= 0 ? PLAIN : REFUSED;
            HEX[c] = (byte) Character.digit(c < 128 ? c : 0, 16);
        }
        KIND['/'] = SLASH;
        KIND['%'] = PERCENT;
        KIND[';'] = SEMICOLON;
        KIND['?'] = QUESTION;
        KIND['#'] = HASH;
        KIND['['] = LOOSE;
        KIND[']'] = LOOSE;
        KIND['|'] = LOOSE;
    }

    private byte[] out = {};
    private int length;
    /// Where the text since the last slash or encoded slash begins in `out`; OUTSIDE after a `;`.
    private int piece;
    private boolean afterEncodedSlash;

    private String path = "/";
    private int ambiguity;
    private int pathEnd;

    /// Reads `bytes[start, end)` up to its end or a `?`; null when the path is valid.
    ///
    /// @param start where a `/` stands
    public @Nullable RequestFault read(byte[] bytes, int start, int end) {
        ambiguity = 0;
        int i = start;
        for (; i < end; i++) {
            byte kind = KIND[bytes[i] & 0xff];
            if (kind == PLAIN) {
                continue;
            }
            if (kind != SLASH || (i + 1 < end && (bytes[i + 1] == '.' || bytes[i + 1] == '/'))) {
                break;
            }
        }
        if (i == end || bytes[i] == '?') {
            pathEnd = i;
            path = text(bytes, start, i - start);
            return null;
        }
        return rewrite(bytes, start, i, end);
    }

    /// The path read last, canonical.
    public String path() {
        return path;
    }

    /// Bits of [PathAmbiguity] that the path held as received.
    public int ambiguity() {
        return ambiguity;
    }

    /// Where the path read last ended: at a `?` or at the end.
    public int end() {
        return pathEnd;
    }

    /// The canonical form of `path`, for configuration and rewriting; null when it is no path or a refused one.
    public static @Nullable String canonical(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes[0] != '/') {
            return null;
        }
        PathReader reader = new PathReader();
        return reader.read(bytes, 0, bytes.length) == null && reader.pathEnd == bytes.length ? reader.path : null;
    }

    private @Nullable RequestFault rewrite(byte[] bytes, int start, int from, int end) {
        begin(bytes, start, from, end);
        int i = Math.max(from, start + 1);
        while (i < end) {
            int octet = bytes[i] & 0xff;
            boolean valid = true;
            switch (KIND[octet]) {
                case PLAIN -> out[length++] = (byte) octet;
                case SLASH -> valid = slash();
                case SEMICOLON -> valid = semicolon(false);
                case LOOSE -> escape(octet);
                case PERCENT -> {
                    int consumed = escaped(bytes, i, end);
                    valid = consumed > 0;
                    i += consumed - 1;
                }
                case QUESTION -> {
                    return finish(i);
                }
                case HASH -> {
                    return RequestFault.TARGET;
                }
                default -> valid = false;
            }
            if (!valid) {
                return RequestFault.PATH;
            }
            i++;
        }
        return finish(end);
    }

    /// Takes over what needs no change: `bytes[start, from)`, the first slash at least.
    private void begin(byte[] bytes, int start, int from, int end) {
        length = Math.max(from - start, 1);
        int needed = length + 3 * (end - start);
        if (out.length < needed) {
            out = new byte[Math.max(needed, 512)];
        }
        System.arraycopy(bytes, start, out, 0, length);
        piece = length;
        while (out[piece - 1] != '/') {
            piece--;
        }
        afterEncodedSlash = false;
    }

    private @Nullable RequestFault finish(int at) {
        if (!closeSegment()) {
            return RequestFault.PATH;
        }
        pathEnd = at;
        path = text(out, 0, length);
        return null;
    }

    private boolean slash() {
        int before = length;
        boolean empty = piece == length && !afterEncodedSlash;
        if (!closeSegment()) {
            return false;
        }
        if (length == before) {
            out[length++] = '/';
            if (empty) {
                ambiguity |= PathAmbiguity.EMPTY_SEGMENT.bit();
            }
        }
        piece = length;
        afterEncodedSlash = false;
        return true;
    }

    /// Resolves the segment that ends here when it is a dot segment; false when that is refused.
    private boolean closeSegment() {
        if (!dots()) {
            return true;
        }
        if (afterEncodedSlash) {
            return false;
        }
        if (length - piece == 1) {
            length = piece;
            return true;
        }
        int parent = piece - 1;
        if (parent == 0) {
            return false;
        }
        while (out[parent - 1] != '/') {
            parent--;
        }
        length = parent;
        return true;
    }

    private boolean dots() {
        int size = length - piece;
        return piece != OUTSIDE && (size == 1 || size == 2) && out[piece] == '.' && out[length - 1] == '.';
    }

    private boolean semicolon(boolean encoded) {
        if (dots()) {
            return false;
        }
        if (encoded) {
            escape(';');
        } else {
            out[length++] = ';';
        }
        ambiguity |= PathAmbiguity.SEMICOLON.bit();
        piece = OUTSIDE;
        return true;
    }

    private boolean encodedSlash() {
        if (dots()) {
            return false;
        }
        escape('/');
        ambiguity |= PathAmbiguity.ENCODED_SLASH.bit();
        piece = length;
        afterEncodedSlash = true;
        return true;
    }

    /// Takes over the escapes at `i` that make one character; how many octets that were, 0 when they are refused.
    private int escaped(byte[] bytes, int i, int end) {
        int octet = octet(bytes, i, end);
        if (octet >= 0x80) {
            return multibyte(octet, bytes, i, end);
        }
        if (octet < 0x20 || octet == 0x7f || octet == '\\') {
            return 0;
        }
        if (octet == '/') {
            return encodedSlash() ? 3 : 0;
        }
        if (octet == ';') {
            return semicolon(true) ? 3 : 0;
        }
        if (UNRESERVED[octet]) {
            out[length++] = (byte) octet;
        } else {
            escape(octet);
        }
        return 3;
    }

    /// One character of UTF-8 in escapes, in its shortest form and no surrogate (RFC 3629 §4).
    private int multibyte(int lead, byte[] bytes, int i, int end) {
        int octets = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        escape(lead);
        for (int k = 1; k < octets; k++) {
            int octet = octet(bytes, i + 3 * k, end);
            if (octet < lowest || octet > highest) {
                return 0;
            }
            escape(octet);
            lowest = 0x80;
            highest = 0xbf;
        }
        return 3 * octets;
    }

    /// The octet that the escape at `i` stands for, −1 when there is none.
    private static int octet(byte[] bytes, int i, int end) {
        if (i + 2 >= end || bytes[i] != '%') {
            return -1;
        }
        return HEX[bytes[i + 1] & 0xff] << 4 | HEX[bytes[i + 2] & 0xff];
    }

    private void escape(int octet) {
        out[length] = '%';
        out[length + 1] = DIGITS[octet >> 4];
        out[length + 2] = DIGITS[octet & 0xf];
        length += 3;
    }

    @SuppressWarnings("deprecation") // the only constructor that widens octets without a charset decoder
    private static String text(byte[] bytes, int start, int length) {
        return new String(bytes, 0, start, length);
    }
}
