package dev.sallyport.dataplane.http2;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.dataplane.message.FieldGrammar;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A field as HPACK yields it, kept as an HTTP/1.1 line (`name: value␍␊`) and judged once, when it is made: a
/// field that stands in a table is referred to many times.
final class HpackField {
    /// What a table entry costs beside its octets (RFC 7541 §4.1); so much counts for a field in size limits too.
    static final int OVERHEAD = 32;

    /// What a name that begins with a colon stands for.
    enum Pseudo {
        NONE,
        METHOD,
        SCHEME,
        AUTHORITY,
        PATH,
        STATUS,
        UNKNOWN
    }

    private final byte[] line;
    private final int nameLength;
    private final FieldName field;
    private final Pseudo pseudo;
    private final boolean nameValid;
    private final boolean valid;
    private @Nullable String text;

    /// @param line `name: value␍␊`, owned by this field from here on
    HpackField(byte[] line, int nameLength) {
        this.line = line;
        this.nameLength = nameLength;
        this.pseudo = pseudo(line, nameLength);
        this.nameValid = pseudo != Pseudo.NONE || isName(line, nameLength);
        this.field = nameValid && pseudo == Pseudo.NONE ? FieldName.of(line, 0, nameLength) : FieldName.OTHER;
        this.valid = nameValid && isValue();
    }

    /// A field with the name of another, whose judgement it shares.
    HpackField(byte[] line, HpackField name) {
        this.line = line;
        this.nameLength = name.nameLength;
        this.pseudo = name.pseudo;
        this.nameValid = name.nameValid;
        this.field = name.field;
        this.valid = nameValid && isValue();
    }

    private static boolean isName(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
                return false;
            }
        }
        return FieldGrammar.isToken(bytes, 0, length);
    }

    private boolean isValue() {
        int from = valueStart();
        int to = valueEnd();
        return from == to || (!isBlank(line[from]) && !isBlank(line[to - 1]) && FieldGrammar.isValue(line, from, to));
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static Pseudo pseudo(byte[] line, int length) {
        if (length == 0 || line[0] != ':') {
            return Pseudo.NONE;
        }
        return switch (length) {
            case 5 -> spells(line, ":path") ? Pseudo.PATH : Pseudo.UNKNOWN;
            case 7 ->
                spells(line, ":method")
                        ? Pseudo.METHOD
                        : spells(line, ":scheme")
                                ? Pseudo.SCHEME
                                : spells(line, ":status") ? Pseudo.STATUS : Pseudo.UNKNOWN;
            case 10 -> spells(line, ":authority") ? Pseudo.AUTHORITY : Pseudo.UNKNOWN;
            default -> Pseudo.UNKNOWN;
        };
    }

    private static boolean spells(byte[] line, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (line[i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    byte[] line() {
        return line;
    }

    int nameLength() {
        return nameLength;
    }

    int valueStart() {
        return nameLength + 2;
    }

    int valueEnd() {
        return line.length - 2;
    }

    int valueLength() {
        return line.length - nameLength - 4;
    }

    FieldName field() {
        return field;
    }

    Pseudo pseudo() {
        return pseudo;
    }

    /// Whether name and value keep to RFC 9113 §8.2.1, and the value to our stricter rule of no controls at all.
    boolean valid() {
        return valid;
    }

    /// What it takes up in a table, and in a header list.
    int size() {
        return line.length - 4 + OVERHEAD;
    }

    boolean valueIs(String value) {
        if (valueLength() != value.length()) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (line[valueStart() + i] != value.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The value as text, made once.
    @SuppressWarnings("deprecation") // the only constructor that widens octets without a charset decoder
    String value() {
        String value = text;
        if (value == null) {
            value = new String(line, 0, valueStart(), valueLength());
            text = value;
        }
        return value;
    }

    byte[] valueBytes() {
        return Arrays.copyOfRange(line, valueStart(), valueEnd());
    }
}
