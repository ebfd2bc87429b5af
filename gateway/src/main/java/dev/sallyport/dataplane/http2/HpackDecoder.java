package dev.sallyport.dataplane.http2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Decodes field blocks (RFC 7541) and keeps the dynamic table that they refer to. Confined to its connection's
/// loop.
///
/// Every block has to be decoded, even one whose stream is refused: the table is state of the connection.
final class HpackDecoder {
    /// What we let the peer use; we never announce another.
    static final int CAPACITY = 4096;

    private static final int ENTRIES = 128;
    private static final int MAX_INTEGER = 1 << 24;

    private @Nullable HpackField[] ring = new HpackField[16];
    private int newest;
    private int count;
    private int size;
    private int capacity = CAPACITY;

    private byte[] block = new byte[0];
    private int at;
    private int end;

    /// Decodes `source[from, to)`; false when it is no field block, after which the connection cannot go on.
    boolean decode(byte[] source, int from, int to, FieldSection into) {
        block = source;
        at = from;
        end = to;
        boolean begun = false;
        while (at < end) {
            int first = source[at];
            if (first < 0) {
                HpackField field = get(integer(7));
                if (field == null) {
                    return false;
                }
                into.add(field);
                begun = true;
            } else if ((first & 0xe0) == 0x20) {
                int wanted = integer(5);
                if (begun || wanted < 0 || wanted > CAPACITY) {
                    return false;
                }
                capacity = wanted;
                evict(0);
            } else {
                boolean indexed = (first & 0x40) != 0;
                HpackField field = literal(integer(indexed ? 6 : 4));
                if (field == null) {
                    return false;
                }
                if (indexed) {
                    insert(field);
                }
                into.add(field);
                begun = true;
            }
        }
        return true;
    }

    /// An integer with a prefix of `bits` (RFC 7541 §5.1), or −1 when it is cut off or beyond all use.
    private int integer(int bits) {
        if (at >= end) {
            return -1;
        }
        int mask = (1 << bits) - 1;
        int value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; shift <= 28; shift += 7) {
            if (at >= end) {
                return -1;
            }
            int octet = block[at++];
            long sum = value + ((long) (octet & 0x7f) << shift);
            if (sum > MAX_INTEGER) {
                return -1;
            }
            value = (int) sum;
            if (octet >= 0) {
                return value;
            }
        }
        return -1;
    }

    private @Nullable HpackField get(int index) {
        if (index <= 0) {
            return null;
        }
        if (index <= StaticTable.SIZE) {
            return StaticTable.get(index);
        }
        int back = index - StaticTable.SIZE - 1;
        return back < count ? ring[(newest - back) & (ring.length - 1)] : null;
    }

    private @Nullable HpackField literal(int nameIndex) {
        if (nameIndex < 0) {
            return null;
        }
        if (nameIndex > 0) {
            HpackField name = get(nameIndex);
            if (name == null) {
                return null;
            }
            byte[] line = value(name.line(), 0, name.nameLength());
            return line == null ? null : new HpackField(line, name);
        }
        boolean coded = at < end && block[at] < 0;
        int length = integer(7);
        if (length < 0 || length > end - at) {
            return null;
        }
        int nameAt = at;
        at += length;
        if (!coded) {
            byte[] line = value(block, nameAt, length);
            return line == null ? null : new HpackField(line, length);
        }
        byte[] name = new byte[Huffman.longest(length)];
        int nameLength = Huffman.decode(block, nameAt, nameAt + length, name, 0);
        byte[] line = nameLength < 0 ? null : value(name, 0, nameLength);
        return line == null ? null : new HpackField(line, nameLength);
    }

    /// Reads a value and joins it to `name[from, from + nameLength)`; null when it is cut off or invalid.
    private byte @Nullable [] value(byte[] name, int from, int nameLength) {
        boolean coded = at < end && block[at] < 0;
        int length = integer(7);
        if (length < 0 || length > end - at) {
            return null;
        }
        int valueAt = at;
        at += length;
        int start = nameLength + 2;
        byte[] line = new byte[start + (coded ? Huffman.longest(length) : length) + 2];
        System.arraycopy(name, from, line, 0, nameLength);
        line[nameLength] = ':';
        line[nameLength + 1] = ' ';
        int stop;
        if (coded) {
            stop = Huffman.decode(block, valueAt, valueAt + length, line, start);
            if (stop < 0) {
                return null;
            }
            if (stop + 2 != line.length) {
                line = Arrays.copyOf(line, stop + 2);
            }
        } else {
            System.arraycopy(block, valueAt, line, start, length);
            stop = start + length;
        }
        line[stop] = '\r';
        line[stop + 1] = '\n';
        return line;
    }

    private void insert(HpackField field) {
        evict(field.size());
        if (field.size() > capacity) {
            return;
        }
        if (count == ring.length) {
            @Nullable HpackField[] wider = new HpackField[Math.min(ENTRIES, ring.length * 2)];
            for (int i = 0; i < count; i++) {
                wider[i] = ring[(newest - count + 1 + i) & (ring.length - 1)];
            }
            ring = wider;
            newest = count - 1;
        }
        newest = (newest + 1) & (ring.length - 1);
        ring[newest] = field;
        count++;
        size += field.size();
    }

    /// Makes room for `more`; all of the table goes when even that is not enough (RFC 7541 §4.4).
    private void evict(int more) {
        while (count > 0 && size + more > capacity) {
            int oldest = (newest - count + 1) & (ring.length - 1);
            HpackField field = ring[oldest];
            ring[oldest] = null;
            size -= field == null ? 0 : field.size();
            count--;
        }
    }
}
