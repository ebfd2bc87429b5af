package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.FieldGrammar;

/// Parses a section of field lines, in a head or a trailer, strictly: `name: value␍␊`, no folding, no bare CR or
/// LF, no space before the colon (RFC 9112 §5, threats SM-11 to SM-14). Reusable, confined to one thread.
final class FieldSection {
    static final int INCOMPLETE = -1;
    static final int MALFORMED = -2;
    static final int TOO_MANY = -3;

    private final Headers.Builder fields = new Headers.Builder();
    private int base;
    private int end;

    /// Parses the lines of `b[from, to)` up to the empty one; the index after it, or one of the constants.
    int parse(byte[] b, int from, int to, int maxFields) {
        fields.clear();
        base = from;
        int i = from;
        int count = 0;
        while (i < to) {
            if (b[i] == '\r') {
                if (i + 1 == to) {
                    return INCOMPLETE;
                }
                end = i;
                return b[i + 1] == '\n' ? i + 2 : MALFORMED;
            }
            int nameStart = i;
            i = FieldGrammar.skipToken(b, i, to);
            if (i == to) {
                return INCOMPLETE;
            }
            if (b[i] != ':' || i == nameStart) {
                return MALFORMED;
            }
            int nameEnd = i++;
            while (i < to && (b[i] == ' ' || b[i] == '\t')) {
                i++;
            }
            int valueStart = i;
            i = FieldGrammar.skipValue(b, i, to);
            if (i == to) {
                return INCOMPLETE;
            }
            if (b[i] != '\r') {
                return MALFORMED;
            }
            if (i + 1 == to) {
                return INCOMPLETE;
            }
            if (b[i + 1] != '\n') {
                return MALFORMED;
            }
            int valueEnd = i;
            while (valueEnd > valueStart && (b[valueEnd - 1] == ' ' || b[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            if (++count > maxFields) {
                return TOO_MANY;
            }
            fields.record(
                    nameStart - base,
                    nameEnd - base,
                    valueStart - base,
                    valueEnd - base,
                    FieldName.of(b, nameStart, nameEnd));
            i += 2;
        }
        return INCOMPLETE;
    }

    /// The fields parsed last, over a copy of their lines.
    Headers take(byte[] b) {
        if (end == base) {
            return Headers.EMPTY;
        }
        byte[] lines = new byte[end - base];
        System.arraycopy(b, base, lines, 0, lines.length);
        return fields.build(lines, lines.length);
    }
}
