package dev.sallyport.dataplane.message;

/// The octets that field names and values may hold (RFC 9110 §5.1, §5.5), stricter in that no control is allowed.
public final class FieldGrammar {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean token = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            boolean value = c == '\t' || (c >= 0x20 && c != 0x7f);
            CLASS[c] = (byte) ((token ? TOKEN : 0) | (value ? VALUE : 0));
        }
    }

    private FieldGrammar() {}

    /// Whether `bytes[start, end)` is a token of at least one octet.
    public static boolean isToken(byte[] bytes, int start, int end) {
        return end > start && skipToken(bytes, start, end) == end;
    }

    /// Whether `bytes[start, end)` holds no control character but tabs.
    public static boolean isValue(byte[] bytes, int start, int end) {
        return skipValue(bytes, start, end) == end;
    }

    /// The index of the first octet of `bytes[from, to)` that cannot be part of a token, or `to`.
    public static int skipToken(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (CLASS[bytes[i] & 0xff] & TOKEN) != 0) {
            i++;
        }
        return i;
    }

    /// The index of the first octet of `bytes[from, to)` that cannot be part of a value, or `to`.
    public static int skipValue(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (CLASS[bytes[i] & 0xff] & VALUE) != 0) {
            i++;
        }
        return i;
    }
}
