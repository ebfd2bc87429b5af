package dev.sallyport.extension.observe.redact;

import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;

/// Writes JSON that somebody sent into a line of a log, without secrets: what configured paths lead to, members with
/// names of credentials, and what looks like a credential within texts. Confined to one thread.
///
/// It is read once from front to back and fails closed: from the first octet on that is not as JSON has to be, nothing
/// is shown any more, and a secret whose end is missing is a secret all the same.
final class JsonRedaction {
    private static final int DEEPEST = 64;
    private static final byte[] STAND_IN = "\\\"[redacted]\\\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOUBT = "[no JSON from here]".getBytes(StandardCharsets.US_ASCII);

    private final Redaction redaction;
    private final JsonPaths paths;
    private final byte[] name = new byte[JsonPaths.LONGEST_NAME];

    private JsonLine line = new JsonLine(0);
    private byte[] in = {};
    private int at;
    private int to;

    /// From where on nothing was written yet.
    private int kept;

    /// Octets of the last name; more than the array is long when it did not fit.
    private int nameLength;

    /// Whether what is read is secret.
    private boolean hidden;

    /// Whether an octet was wrong, rather than missing.
    private boolean doubt;

    JsonRedaction(Redaction redaction, JsonPaths paths) {
        this.redaction = redaction;
        this.paths = paths;
    }

    /// Adds the inside of a string from JSON texts, one or several with white space between them.
    ///
    /// @param whole whether nothing is missing at the end
    void write(JsonLine target, byte[] source, int from, int end, boolean whole) {
        line = target;
        in = source;
        to = end;
        kept = from;
        at = startsWithMark(source, from, end) ? from + 3 : from;
        hidden = false;
        doubt = false;
        space();
        boolean fine = true;
        while (fine && at < to) {
            fine = value(paths.root(), 0);
            space();
        }
        flush(at);
        if (doubt || (!fine && whole)) {
            line.raw(DOUBT);
        }
    }

    private static boolean startsWithMark(byte[] source, int from, int end) {
        return end - from >= 3
                && source[from] == (byte) 0xef
                && source[from + 1] == (byte) 0xbb
                && source[from + 2] == (byte) 0xbf;
    }

    /// Writes what is kept, up to `end`, unless it is secret.
    private void flush(int end) {
        if (!hidden && end > kept) {
            Redaction.text(line, in, kept, end);
        }
        kept = end;
    }

    private boolean wrong() {
        doubt = true;
        return false;
    }

    private void space() {
        while (!doubt && at < to && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    /// Reads a value; false when the text ends or is wrong before its end.
    private boolean value(long places, int depth) {
        if (at == to) {
            return false;
        }
        if (hidden || !JsonPaths.secret(places)) {
            return read(places, depth);
        }
        flush(at);
        line.raw(STAND_IN);
        hidden = true;
        if (!read(0, depth)) {
            return false;
        }
        kept = at;
        hidden = false;
        return true;
    }

    private boolean read(long places, int depth) {
        if (depth > DEEPEST) {
            return wrong();
        }
        return switch (in[at]) {
            case '{' -> object(places, depth);
            case '[' -> array(places, depth);
            case '"' -> text();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean object(long places, int depth) {
        at++;
        space();
        if (next('}')) {
            return true;
        }
        while (at < to) {
            if (in[at] != '"') {
                return wrong();
            }
            if (!name()) {
                return false;
            }
            boolean secret = nameLength > name.length || redaction.secretMember(name, nameLength);
            long below = secret ? Long.MIN_VALUE : paths.member(places, name, nameLength);
            space();
            if (!expected(':')) {
                return false;
            }
            space();
            if (!value(below, depth + 1)) {
                return false;
            }
            space();
            if (next('}')) {
                return true;
            }
            if (!expected(',')) {
                return false;
            }
            space();
        }
        return false;
    }

    private boolean array(long places, int depth) {
        at++;
        space();
        if (next(']')) {
            return true;
        }
        for (int index = 0; at < to; index++) {
            if (!value(paths.element(places, index), depth + 1)) {
                return false;
            }
            space();
            if (next(']')) {
                return true;
            }
            if (!expected(',')) {
                return false;
            }
            space();
        }
        return false;
    }

    private boolean next(char c) {
        boolean there = at < to && in[at] == c;
        at += there ? 1 : 0;
        return there;
    }

    private boolean expected(char c) {
        return next(c) || (at < to && wrong());
    }

    /// Reads a text, within which names and values of parameters and tokens are looked for.
    private boolean text() {
        at++;
        flush(at);
        int from = at;
        boolean ended = string(false);
        int end = ended ? at - 1 : at;
        if (!hidden) {
            redaction.query(line, in, from, end);
        }
        kept = end;
        return ended;
    }

    /// Reads a member's name, folded.
    private boolean name() {
        at++;
        nameLength = 0;
        return string(true);
    }

    /// Reads up to and with the quote that ends a string.
    private boolean string(boolean named) {
        while (at < to) {
            int c = in[at] & 0xff;
            if (c == '"') {
                at++;
                return true;
            }
            if (c < 0x20) {
                return wrong();
            }
            if (c != '\\') {
                at++;
                add(named, c);
            } else if (!escape(named)) {
                return false;
            }
        }
        return false;
    }

    private boolean escape(boolean named) {
        if (at + 1 >= to) {
            at = to;
            return false;
        }
        int c = in[at + 1];
        switch (c) {
            case '"', '\\', '/' -> add(named, c);
            case 'b', 'f', 'n', 'r', 't' -> add(named, ' ');
            case 'u' -> {
                return unicode(named);
            }
            default -> {
                return wrong();
            }
        }
        at += 2;
        return true;
    }

    private boolean unicode(boolean named) {
        if (at + 6 > to) {
            at = to;
            return false;
        }
        int unit = unit(at);
        if (unit < 0) {
            return wrong();
        }
        at += 6;
        boolean pair = Character.isHighSurrogate((char) unit)
                && at + 6 <= to
                && in[at] == '\\'
                && in[at + 1] == 'u'
                && unit(at) >= 0
                && Character.isLowSurrogate((char) unit(at));
        if (pair) {
            int low = unit(at);
            at += 6;
            encoded(named, Character.toCodePoint((char) unit, (char) low));
        } else {
            encoded(named, unit);
        }
        return true;
    }

    /// The number that the escape at `from` stands for, −1 for none.
    private int unit(int from) {
        int unit = 0;
        for (int i = from + 2; i < from + 6; i++) {
            int digit = Character.digit(in[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private void encoded(boolean named, int point) {
        if (point < 0x80) {
            add(named, point);
        } else if (point < 0x800) {
            add(named, 0xc0 | point >> 6);
            add(named, 0x80 | (point & 0x3f));
        } else {
            if (point < 0x10000) {
                add(named, 0xe0 | point >> 12);
            } else {
                add(named, 0xf0 | point >> 18);
                add(named, 0x80 | (point >> 12 & 0x3f));
            }
            add(named, 0x80 | (point >> 6 & 0x3f));
            add(named, 0x80 | (point & 0x3f));
        }
    }

    private void add(boolean named, int octet) {
        if (named) {
            if (nameLength < name.length) {
                name[nameLength] = (byte) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
            }
            nameLength++;
        }
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at == to) {
                return false;
            }
            if (in[at] != word.charAt(i)) {
                return wrong();
            }
        }
        return true;
    }

    private boolean number() {
        int from = at;
        while (at < to && inNumber(in[at])) {
            at++;
        }
        return at > from || wrong();
    }

    private static boolean inNumber(byte c) {
        return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
    }
}
