package dev.sallyport.extension.authz.envoy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the fields of one protocol buffers message (wire format of proto3); what has its default value is left out.
final class ProtoWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;

    private byte[] octets = new byte[256];
    private int length;

    private void ensure(int more) {
        if (length + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
        }
    }

    private void varint(long value) {
        ensure(10);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            octets[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        octets[length++] = (byte) left;
    }

    private void delimited(int field, byte[] value, int size) {
        varint((long) field << 3 | DELIMITED);
        varint(size);
        ensure(size);
        System.arraycopy(value, 0, octets, length, size);
        length += size;
    }

    ProtoWriter text(int field, String value) {
        if (!value.isEmpty()) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            delimited(field, utf8, utf8.length);
        }
        return this;
    }

    /// An empty text where even that says something: one of several fields.
    ProtoWriter emptyText(int field) {
        delimited(field, octets, 0);
        return this;
    }

    /// A whole number, or a bool; written even when it is 0, for fields that distinguish.
    ProtoWriter number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    ProtoWriter real(int field, double value) {
        varint((long) field << 3 | FIXED64);
        ensure(8);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < 8; i++) {
            octets[length++] = (byte) (bits >>> (8 * i));
        }
        return this;
    }

    ProtoWriter message(int field, ProtoWriter value) {
        delimited(field, value.octets, value.length);
        return this;
    }

    /// An entry of a map from texts to texts.
    ProtoWriter entry(int field, String key, String value) {
        return message(field, new ProtoWriter().text(1, key).text(2, value));
    }

    /// An entry of a map from texts to messages.
    ProtoWriter entry(int field, String key, ProtoWriter value) {
        return message(field, new ProtoWriter().text(1, key).message(2, value));
    }

    byte[] bytes() {
        return Arrays.copyOf(octets, length);
    }
}
