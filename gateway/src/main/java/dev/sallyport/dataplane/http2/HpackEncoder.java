package dev.sallyport.dataplane.http2;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.message.OutgoingHead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Encodes field blocks (RFC 7541) into an array of its own, which the next block overwrites. Confined to its
/// connection's loop.
///
/// A field enters the dynamic table when it is seen for the second time, so that values that are different in
/// every message do not push out those that repeat. It is found again by its line as received, in whatever case
/// its name has. Credentials and cookies never enter a table (RFC 7541 §7.1.3). Strings are written plain: Huffman
/// would cost more than the octets it saves.
public final class HpackEncoder {
    /// However large a table the peer offers, we use no more (threat DO-10).
    static final int MAX_CAPACITY = 4096;

    private static final int BUCKETS = 128;
    private static final int OVERHEAD = HpackField.OVERHEAD;
    private static final int KEEP = 8192;
    private static final int DATE_VALUE = 6;
    private static final int DATE_LENGTH = 29;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long NEVER_INDEXED = FieldName.AUTHORIZATION.bit()
            | FieldName.COOKIE.bit()
            | FieldName.SET_COOKIE.bit()
            | FieldName.DPOP.bit()
            | FieldName.X_API_KEY.bit()
            | FieldName.IDENTITY_CLAIM.bit();

    /// Fields that have no place in HTTP/2 or are written by the stream itself, whatever a head says.
    private static final long NOT_SENT = FieldName.CONNECTION.bit()
            | FieldName.HOP_BY_HOP.bit()
            | FieldName.TRANSFER_ENCODING.bit()
            | FieldName.UPGRADE.bit()
            | FieldName.TE.bit()
            | FieldName.HOST.bit()
            | FieldName.CONTENT_LENGTH.bit();

    private static final byte[] TE_TRAILERS = {0, 2, 't', 'e', 8, 't', 'r', 'a', 'i', 'l', 'e', 'r', 's'};

    /// A field in the dynamic table: its line as it was received, and which insertion it was.
    private static final class Entry {
        final byte[] line;
        final int hash;
        final int size;
        final long number;

        @Nullable
        Entry next;

        Entry(byte[] line, int hash, int size, long number) {
            this.line = line;
            this.hash = hash;
            this.size = size;
            this.number = number;
        }
    }

    private final @Nullable Entry[] buckets = new Entry[BUCKETS];
    private final @Nullable Entry[] ring = new Entry[BUCKETS];
    private final int[] seen = new int[BUCKETS];
    private long inserted;
    private int count;
    private int size;
    private int capacity = MAX_CAPACITY;
    private boolean capacityChanged;

    private final byte[] dateLine = new byte[DATE_VALUE + DATE_LENGTH];
    private byte[] block = new byte[512];
    private int length;

    HpackEncoder() {
        System.arraycopy(new byte[] {'d', 'a', 't', 'e', ':', ' '}, 0, dateLine, 0, DATE_VALUE);
    }

    /// Takes note of the peer's SETTINGS_HEADER_TABLE_SIZE.
    void capacity(long offered) {
        int clamped = (int) Math.min(MAX_CAPACITY, offered);
        if (clamped != capacity) {
            capacity = clamped;
            capacityChanged = true;
            evict(0);
        }
    }

    /// Begins a block after room for a frame's header.
    public void begin() {
        if (block.length > KEEP) {
            block = new byte[512];
        }
        length = Frames.HEADER_LENGTH;
        if (capacityChanged) {
            capacityChanged = false;
            ensure(8);
            integer(0x20, 5, capacity);
        }
    }

    /// The frame header's room and the block, [#length()] octets.
    byte[] block() {
        return block;
    }

    int length() {
        return length;
    }

    /// `:status`.
    public void status(int status) {
        ensure(8);
        int index = switch (status) {
            case 200 -> StaticTable.STATUS_200;
            case 204 -> StaticTable.STATUS_200 + 1;
            case 206 -> StaticTable.STATUS_200 + 2;
            case 304 -> StaticTable.STATUS_200 + 3;
            case 400 -> StaticTable.STATUS_200 + 4;
            case 404 -> StaticTable.STATUS_200 + 5;
            case 500 -> StaticTable.STATUS_200 + 6;
            default -> 0;
        };
        if (index != 0) {
            indexed(index);
            return;
        }
        block[length++] = (byte) StaticTable.STATUS_200;
        block[length++] = 3;
        block[length++] = (byte) ('0' + status / 100);
        block[length++] = (byte) ('0' + status / 10 % 10);
        block[length++] = (byte) ('0' + status % 10);
    }

    /// Begins the block of a request with its pseudo-fields.
    ///
    /// @throws IllegalArgumentException when authority or target hold an octet that has no place there (threat
    ///     SM-25)
    public void request(Method method, boolean secure, String authority, String target) {
        // before anything else: a block that was begun and not sent would leave the peer's table behind ours
        requireVisible(authority);
        requireVisible(target);
        begin();
        switch (method) {
            case GET -> indexed(StaticTable.METHOD_GET);
            case POST -> indexed(StaticTable.METHOD_POST);
            default -> named(StaticTable.METHOD_GET, method.bytes());
        }
        indexed(secure ? StaticTable.SCHEME_HTTPS : StaticTable.SCHEME_HTTP);
        visible(StaticTable.AUTHORITY, authority);
        visible(StaticTable.PATH, target);
    }

    /// `te: trailers`.
    public void teTrailers() {
        System.arraycopy(TE_TRAILERS, 0, reserve(TE_TRAILERS.length), length - TE_TRAILERS.length, TE_TRAILERS.length);
    }

    private byte[] reserve(int more) {
        ensure(more);
        length += more;
        return block;
    }

    @SuppressWarnings("deprecation") // narrows ISO-8859-1 text to octets without a charset encoder
    private void visible(int nameIndex, String value) {
        int size = value.length();
        ensure(size + 16);
        integer(0, 4, nameIndex);
        integer(0, 7, size);
        value.getBytes(0, size, block, length);
        length += size;
    }

    private static void requireVisible(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException("target or authority holds a character that cannot be sent");
            }
        }
    }

    /// A field that stands in the static table with this value.
    private void indexed(int index) {
        ensure(1);
        block[length++] = (byte) (0x80 | index);
    }

    private void named(int nameIndex, byte[] value) {
        ensure(value.length + 16);
        integer(0, 4, nameIndex);
        integer(0, 7, value.length);
        System.arraycopy(value, 0, block, length, value.length);
        length += value.length;
    }

    /// `date`, for a response that has none.
    public void date(byte[] value) {
        System.arraycopy(value, 0, dateLine, DATE_VALUE, DATE_LENGTH);
        field(dateLine, 0, DATE_VALUE - 2, DATE_VALUE, dateLine.length, 0);
    }

    public void contentLength(long value) {
        ensure(24);
        integer(0, 4, StaticTable.CONTENT_LENGTH);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        block[length++] = (byte) digits;
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            block[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /// The fields of a head, received and added.
    public void fields(OutgoingHead head) {
        Headers received = head.received();
        byte[] bytes = received.bytes();
        boolean all = head.keepsAll();
        for (int i = 0; i < received.count(); i++) {
            if (all || head.keeps(i)) {
                int from = received.lineStart(i);
                long bit = received.field(i).bit();
                field(bytes, from, received.nameEnd(i), received.valueStart(i), received.valueEnd(i), bit);
            }
        }
        byte[] added = head.added();
        for (int i = 0; i < head.additions(); i++) {
            int from = head.nameStart(i);
            long bit = FieldName.of(added, from, head.nameEnd(i)).bit();
            field(added, from, head.nameEnd(i), head.valueStart(i), head.valueEnd(i), bit);
        }
    }

    public void trailers(Headers trailers) {
        for (int i = 0; i < trailers.count(); i++) {
            int from = trailers.lineStart(i);
            long bit = trailers.field(i).bit();
            field(trailers.bytes(), from, trailers.nameEnd(i), trailers.valueStart(i), trailers.valueEnd(i), bit);
        }
    }

    private void field(byte[] source, int from, int nameEnd, int valueStart, int valueEnd, long bit) {
        if ((bit & NOT_SENT) != 0) {
            return;
        }
        if ((bit & NEVER_INDEXED) != 0) {
            literal(0x10, 4, source, from, nameEnd, valueStart, valueEnd);
            return;
        }
        int hash = hash(source, from, valueEnd);
        Entry entry = buckets[hash & (BUCKETS - 1)];
        for (; entry != null; entry = entry.next) {
            if (entry.hash == hash && Arrays.equals(entry.line, 0, entry.line.length, source, from, valueEnd)) {
                ensure(4);
                integer(0x80, 7, StaticTable.SIZE + (int) (inserted - entry.number));
                return;
            }
        }
        int cost = nameEnd - from + valueEnd - valueStart + OVERHEAD;
        if (seen[hash & (BUCKETS - 1)] != hash || cost > capacity / 4) {
            seen[hash & (BUCKETS - 1)] = hash;
            literal(0, 4, source, from, nameEnd, valueStart, valueEnd);
            return;
        }
        literal(0x40, 6, source, from, nameEnd, valueStart, valueEnd);
        insert(Arrays.copyOfRange(source, from, valueEnd), hash, cost);
    }

    private void literal(int flags, int prefix, byte[] source, int from, int nameEnd, int valueStart, int valueEnd) {
        ensure(valueEnd - from + 16);
        int nameIndex = StaticTable.nameIndex(source, from, nameEnd);
        integer(flags, prefix, nameIndex);
        if (nameIndex == 0) {
            integer(0, 7, nameEnd - from);
            for (int i = from; i < nameEnd; i++) {
                byte c = source[i];
                block[length++] = c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
            }
        }
        integer(0, 7, valueEnd - valueStart);
        System.arraycopy(source, valueStart, block, length, valueEnd - valueStart);
        length += valueEnd - valueStart;
    }

    private void integer(int flags, int prefix, int value) {
        int mask = (1 << prefix) - 1;
        if (value < mask) {
            block[length++] = (byte) (flags | value);
            return;
        }
        block[length++] = (byte) (flags | mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            block[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        block[length++] = (byte) rest;
    }

    private void ensure(int more) {
        if (length + more > block.length) {
            block = Arrays.copyOf(block, Math.max(block.length * 2, length + more));
        }
    }

    /// Takes a few octets only: which field it is, an exact comparison tells.
    private static int hash(byte[] bytes, int from, int to) {
        int octets = to - from;
        long mixed = octets;
        if (octets >= Long.BYTES) {
            long first = (long) LONGS.get(bytes, from);
            long middle = (long) LONGS.get(bytes, from + (octets - Long.BYTES) / 2);
            long last = (long) LONGS.get(bytes, to - Long.BYTES);
            mixed = ((mixed * 31 + first) * 31 + middle) * 31 + last;
        } else {
            for (int i = from; i < to; i++) {
                mixed = mixed * 31 + bytes[i];
            }
        }
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) | 1;
    }

    private void insert(byte[] line, int hash, int cost) {
        evict(cost);
        Entry entry = new Entry(line, hash, cost, inserted);
        int bucket = hash & (BUCKETS - 1);
        entry.next = buckets[bucket];
        buckets[bucket] = entry;
        ring[(int) (inserted & (BUCKETS - 1))] = entry;
        inserted++;
        count++;
        size += cost;
    }

    private void evict(int more) {
        while (count > 0 && size + more > capacity) {
            int slot = (int) ((inserted - count) & (BUCKETS - 1));
            Entry oldest = ring[slot];
            ring[slot] = null;
            count--;
            if (oldest != null) {
                size -= oldest.size;
                unlink(oldest);
            }
        }
    }

    private void unlink(Entry gone) {
        int bucket = gone.hash & (BUCKETS - 1);
        Entry entry = buckets[bucket];
        if (entry == gone) {
            buckets[bucket] = gone.next;
            return;
        }
        while (entry != null) {
            if (entry.next == gone) {
                entry.next = gone.next;
                return;
            }
            entry = entry.next;
        }
    }
}
