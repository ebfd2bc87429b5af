package dev.sallyport.dataplane.message;

import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields of a head about to be written, whatever the protocol: those received that are kept, then those
/// added.
///
/// Scratch, reused for the next head: a writer is done with it before it returns. Every added name and value is
/// checked here, at write time (threat SM-25): a name that is not a token or a value with a control character
/// throws [IllegalArgumentException], which ends the exchange with 500.
public final class OutgoingHead {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Headers received = Headers.EMPTY;
    private long dropped;
    private @Nullable HeaderEdits edits;
    private int[] nominated = new int[8];
    private int nominations;
    private byte[] added = new byte[1024];
    private int[] offsets = new int[32 * 4];
    private int additions;
    private int length;
    private int openName;
    private int openNameEnd;
    private int openValue;

    /// Begins a head with the fields of `from`, less those in `without` (bits of [FieldName#bit()]), less what its
    /// `Connection` field nominates (RFC 9110 §7.6.1), less what `changes` removes; what `changes` adds is added.
    public void begin(Headers from, long without, @Nullable HeaderEdits changes) {
        received = from;
        dropped = without;
        edits = changes;
        nominations = 0;
        additions = 0;
        length = 0;
        if (from.has(FieldName.CONNECTION)) {
            nominate(from);
        }
        if (changes != null) {
            for (int i = 0; i < changes.additions(); i++) {
                add(changes.name(i), changes.value(i));
            }
        }
    }

    private void nominate(Headers from) {
        for (int i = from.indexOf(FieldName.CONNECTION); i >= 0; i = from.indexOf(FieldName.CONNECTION, i + 1)) {
            for (String token : from.value(i).split(",", -1)) {
                String name = token.strip();
                for (int j = from.indexOf(name, 0); j >= 0; j = from.indexOf(name, j + 1)) {
                    if (mayBeNominated(from.field(j))) {
                        if (nominations == nominated.length) {
                            nominated = Arrays.copyOf(nominated, nominations * 2);
                        }
                        nominated[nominations++] = j;
                    }
                }
            }
        }
    }

    /// Fields that end-to-end semantics or security rest on cannot be nominated away (threat HD-08).
    private static boolean mayBeNominated(FieldName field) {
        return switch (field) {
            case AUTHORIZATION,
                    COOKIE,
                    SET_COOKIE,
                    DPOP,
                    X_API_KEY,
                    ORIGIN,
                    CONTENT_TYPE,
                    CACHE_CONTROL,
                    VARY,
                    LOCATION -> false;
            default -> true;
        };
    }

    public Headers received() {
        return received;
    }

    /// Whether every received field is kept.
    public boolean keepsAll() {
        return (received.present() & dropped) == 0 && nominations == 0 && edits == null;
    }

    /// Whether received field `index` is kept.
    public boolean keeps(int index) {
        if ((received.field(index).bit() & dropped) != 0) {
            return false;
        }
        for (int i = 0; i < nominations; i++) {
            if (nominated[i] == index) {
                return false;
            }
        }
        return edits == null || !edits.removes(received, index);
    }

    /// Adds a field.
    public void add(String name, String value) {
        int nameStart = startName(name.length(), value.length());
        put(name);
        int nameEnd = length;
        added[length++] = ':';
        added[length++] = ' ';
        int valueStart = length;
        put(value);
        end(nameStart, nameEnd, valueStart);
    }

    /// Adds a field given in octets, such as a constant name and a value composed elsewhere.
    public void add(byte[] name, byte[] value) {
        add(name, value, 0, value.length);
    }

    /// Adds a field whose value is `value[from, to)`.
    public void add(byte[] name, byte[] value, int from, int to) {
        int nameStart = startName(name.length, to - from);
        System.arraycopy(name, 0, added, length, name.length);
        length += name.length;
        int nameEnd = length;
        added[length++] = ':';
        added[length++] = ' ';
        int valueStart = length;
        System.arraycopy(value, from, added, length, to - from);
        length += to - from;
        end(nameStart, nameEnd, valueStart);
    }

    /// Begins an added field whose value is [appended][#append] in parts, up to [#end()].
    public void begin(byte[] name) {
        openName = startName(name.length, 0);
        System.arraycopy(name, 0, added, length, name.length);
        length += name.length;
        openNameEnd = length;
        added[length++] = ':';
        added[length++] = ' ';
        openValue = length;
    }

    /// Appends to the value of the field begun last.
    public void append(byte[] part) {
        ensure(part.length);
        System.arraycopy(part, 0, added, length, part.length);
        length += part.length;
    }

    /// Appends to the value of the field begun last.
    public void append(String part) {
        ensure(part.length());
        put(part);
    }

    /// Appends 16 hexadecimal digits to the value of the field begun last.
    public void appendHex(long bits) {
        ensure(16);
        for (int shift = 60; shift >= 0; shift -= 4) {
            added[length++] = HEX[(int) (bits >>> shift) & 0xf];
        }
    }

    /// Ends the field begun last.
    public void end() {
        ensure(2);
        end(openName, openNameEnd, openValue);
    }

    private void ensure(int more) {
        if (length + more > added.length) {
            added = Arrays.copyOf(added, Math.max(added.length * 2, length + more));
        }
    }

    private int startName(int nameLength, int valueLength) {
        ensure(nameLength + valueLength + 4);
        return length;
    }

    @SuppressWarnings("deprecation") // narrows ISO-8859-1 text to octets without a charset encoder
    private void put(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                added = Arrays.copyOf(added, added.length + utf8.length);
                System.arraycopy(utf8, 0, added, length, utf8.length);
                length += utf8.length;
                return;
            }
        }
        text.getBytes(0, text.length(), added, length);
        length += text.length();
    }

    private void end(int nameStart, int nameEnd, int valueStart) {
        int valueEnd = length;
        if (!FieldGrammar.isToken(added, nameStart, nameEnd) || !FieldGrammar.isValue(added, valueStart, valueEnd)) {
            length = nameStart;
            throw new IllegalArgumentException("a header field added by a policy breaks the grammar of RFC 9110 §5");
        }
        added[length++] = '\r';
        added[length++] = '\n';
        if (additions * 4 == offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        int at = additions++ * 4;
        offsets[at] = nameStart;
        offsets[at + 1] = nameEnd;
        offsets[at + 2] = valueStart;
        offsets[at + 3] = valueEnd;
    }

    /// How many fields were added.
    public int additions() {
        return additions;
    }

    /// The added fields as HTTP/1.1 field lines, `addedLength()` octets from index 0; must not be modified.
    public byte[] added() {
        return added;
    }

    public int addedLength() {
        return length;
    }

    /// Where the name of added field `index` starts in [#added()].
    public int nameStart(int index) {
        return offsets[index * 4];
    }

    public int nameEnd(int index) {
        return offsets[index * 4 + 1];
    }

    public int valueStart(int index) {
        return offsets[index * 4 + 2];
    }

    public int valueEnd(int index) {
        return offsets[index * 4 + 3];
    }
}
