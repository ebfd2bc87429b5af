package dev.sallyport.api.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An immutable, validated block of header fields, kept as HTTP/1.1 field lines (`name: value␍␊`) in one array.
///
/// Field lines follow each other without gaps, so a run of fields from `i` to `j` is the byte range from
/// `lineStart(i)` to `lineStart(j)`; a proxy can copy runs instead of fields. Values are ISO-8859-1 octets. Index
/// arguments are 0 to [#count()] − 1.
public final class Headers {
    /// A block without fields.
    public static final Headers EMPTY = new Headers(new byte[0], new int[1], new byte[0], 0, 0, 0);

    private static final int STRIDE = 4;

    private final byte[] bytes;
    private final int[] offsets;
    private final byte[] names;
    private final int count;
    private final long present;
    private final long repeated;

    private Headers(byte[] bytes, int[] offsets, byte[] names, int count, long present, long repeated) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.names = names;
        this.count = count;
        this.present = present;
        this.repeated = repeated;
    }

    public int count() {
        return count;
    }

    /// The backing array, shared: must not be modified.
    public byte[] bytes() {
        return bytes;
    }

    public FieldName field(int index) {
        return FieldName.at(names[index]);
    }

    /// Where the line of field `index` begins; `lineStart(count())` is the end of the last line.
    public int lineStart(int index) {
        return offsets[index * STRIDE];
    }

    public int nameEnd(int index) {
        return offsets[index * STRIDE + 1];
    }

    public int valueStart(int index) {
        return offsets[index * STRIDE + 2];
    }

    public int valueEnd(int index) {
        return offsets[index * STRIDE + 3];
    }

    /// The name as received.
    public String name(int index) {
        return text(lineStart(index), nameEnd(index));
    }

    /// The value without surrounding white space.
    public String value(int index) {
        return text(valueStart(index), valueEnd(index));
    }

    @SuppressWarnings("deprecation") // the only constructor that widens octets without a charset decoder
    private String text(int start, int end) {
        return new String(bytes, 0, start, end - start);
    }

    public boolean has(FieldName field) {
        return (present & field.bit()) != 0;
    }

    /// The set of fields present, as the bits of [FieldName#bit()].
    public long present() {
        return present;
    }

    /// The set of fields present more than once, as the bits of [FieldName#bit()].
    public long repeated() {
        return repeated;
    }

    /// The first index of `field`, or −1.
    public int indexOf(FieldName field) {
        return has(field) ? indexOf(field, 0) : -1;
    }

    /// The first index of `field` from `from` on, or −1.
    public int indexOf(FieldName field, int from) {
        int wanted = field.index();
        for (int i = from; i < count; i++) {
            if (names[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /// The first index of the field called `name` (ASCII case-insensitive) from `from` on, or −1.
    public int indexOf(String name, int from) {
        for (int i = from; i < count; i++) {
            if (nameIs(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /// Whether field `index` is called `name` (ASCII case-insensitive).
    public boolean nameIs(int index, String name) {
        return sameIgnoringCase(lineStart(index), nameEnd(index), name);
    }

    /// Whether the value of field `index` is `value` (ASCII case-insensitive).
    public boolean valueIs(int index, String value) {
        return sameIgnoringCase(valueStart(index), valueEnd(index), value);
    }

    private boolean sameIgnoringCase(int start, int end, String text) {
        int length = text.length();
        if (end - start != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int a = bytes[start + i];
            int b = text.charAt(i);
            if (a != b && (lower(a) != lower(b))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /// The first value of `field`, or null.
    public @Nullable String first(FieldName field) {
        int index = indexOf(field);
        return index < 0 ? null : value(index);
    }

    /// The first value of the field called `name`, or null.
    public @Nullable String first(String name) {
        int index = indexOf(name, 0);
        return index < 0 ? null : value(index);
    }

    @Override
    public String toString() {
        return text(lineStart(0), lineStart(count));
    }

    /// Collects field lines into a [Headers]; reusable after [#build()], confined to one thread.
    public static final class Builder {
        private byte[] bytes;
        private int[] offsets = new int[24 * STRIDE];
        private byte[] names = new byte[24];
        private int count;
        private int length;
        private long present;
        private long repeated;

        public Builder() {
            this(512);
        }

        public Builder(int capacity) {
            bytes = new byte[capacity];
        }

        /// Adds a field line. The caller answers for the grammar of name and value.
        public Builder add(String name, String value) {
            ensure(name.length() + value.length() + 4);
            int nameStart = length;
            length = put(name, length);
            int nameEnd = length;
            bytes[length++] = ':';
            bytes[length++] = ' ';
            int valueStart = length;
            length = put(value, length);
            return end(nameStart, nameEnd, valueStart);
        }

        /// Adds a field line from octets. The caller answers for the grammar of name and value.
        public Builder add(byte[] name, byte[] value) {
            ensure(name.length + value.length + 4);
            int nameStart = length;
            System.arraycopy(name, 0, bytes, length, name.length);
            length += name.length;
            int nameEnd = length;
            bytes[length++] = ':';
            bytes[length++] = ' ';
            int valueStart = length;
            System.arraycopy(value, 0, bytes, length, value.length);
            length += value.length;
            return end(nameStart, nameEnd, valueStart);
        }

        private Builder end(int nameStart, int nameEnd, int valueStart) {
            int valueEnd = length;
            bytes[length++] = '\r';
            bytes[length++] = '\n';
            record(nameStart, nameEnd, valueStart, valueEnd, FieldName.of(bytes, nameStart, nameEnd));
            return this;
        }

        @SuppressWarnings("deprecation") // narrows ISO-8859-1 text to octets without a charset encoder
        private int put(String text, int at) {
            text.getBytes(0, text.length(), bytes, at);
            return at + text.length();
        }

        private void ensure(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
        }

        /// Notes a field whose line a parser found at these offsets of the array that [#build(byte\[\],int)] is
        /// given.
        public void record(int nameStart, int nameEnd, int valueStart, int valueEnd, FieldName field) {
            if (count + 1 >= names.length) {
                names = Arrays.copyOf(names, names.length * 2);
                offsets = Arrays.copyOf(offsets, offsets.length * 2);
            }
            int at = count * STRIDE;
            offsets[at] = nameStart;
            offsets[at + 1] = nameEnd;
            offsets[at + 2] = valueStart;
            offsets[at + 3] = valueEnd;
            names[count++] = (byte) field.index();
            long bit = field.bit();
            repeated |= present & bit;
            present |= bit;
        }

        public int count() {
            return count;
        }

        /// The set of fields noted so far, as the bits of [FieldName#bit()].
        public long present() {
            return present;
        }

        /// The block of what was added by name and value.
        public Headers build() {
            return build(Arrays.copyOf(bytes, length), length);
        }

        /// The block of what was [recorded][#record], over `backing`, whose last line ends before `end`.
        public Headers build(byte[] backing, int end) {
            if (count == 0) {
                clear();
                return EMPTY;
            }
            int[] found = Arrays.copyOf(offsets, count * STRIDE + 1);
            found[count * STRIDE] = end;
            Headers headers = new Headers(backing, found, Arrays.copyOf(names, count), count, present, repeated);
            clear();
            return headers;
        }

        /// Forgets everything collected.
        public void clear() {
            count = 0;
            length = 0;
            present = 0;
            repeated = 0;
        }
    }

    /// A block of the given names and values in turn, for tests and constants.
    public static Headers of(String... namesAndValues) {
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(
                    namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1),
                    namesAndValues[i + 1].getBytes(StandardCharsets.ISO_8859_1));
        }
        return builder.build();
    }
}
