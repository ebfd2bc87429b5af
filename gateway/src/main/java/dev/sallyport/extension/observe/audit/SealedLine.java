package dev.sallyport.extension.observe.audit;

import dev.sallyport.telemetry.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One line of an audit log, taken apart: `{"sequence":N,…,"hash":"…"}`. What is hashed are the octets from the first
/// brace up to the comma before `"hash"`, as they stand in the file.
///
/// @param octets   the line, without its end
/// @param sealedTo where the hashed part ends
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record SealedLine(byte[] octets, long sequence, byte[] hash, int sealedTo) {
    static final byte[] SEQUENCE = "{\"sequence\":".getBytes(StandardCharsets.US_ASCII);
    static final byte[] HASH = ",\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
    static final byte[] END = "\"}\n".getBytes(StandardCharsets.US_ASCII);

    private static final int HEX = Seal.LENGTH * 2;
    private static final int MOST_DIGITS = 18;

    /// Takes a line apart; null when it has not this form.
    static @Nullable SealedLine of(byte[] octets) {
        int hexAt = octets.length - 2 - HEX;
        int sealedTo = hexAt - HASH.length;
        if (sealedTo <= SEQUENCE.length
                || !has(octets, 0, SEQUENCE)
                || !has(octets, sealedTo, HASH)
                || octets[octets.length - 2] != '"'
                || octets[octets.length - 1] != '}') {
            return null;
        }
        long sequence = 0;
        int at = SEQUENCE.length;
        while (at < sealedTo && at < SEQUENCE.length + MOST_DIGITS && octets[at] >= '0' && octets[at] <= '9') {
            sequence = sequence * 10 + (octets[at++] - '0');
        }
        if (sequence == 0 || octets[SEQUENCE.length] == '0' || octets[at] != ',') {
            return null;
        }
        byte[] hash = hash(new String(octets, hexAt, HEX, StandardCharsets.ISO_8859_1));
        return hash == null ? null : new SealedLine(octets, sequence, hash, sealedTo);
    }

    /// The octets that `hex` stands for; null when it is no hash in lower case.
    static byte @Nullable [] hash(String hex) {
        if (hex.length() != HEX || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return null;
        }
        return HexFormat.of().parseHex(hex);
    }

    /// Whether its hash is what `seal` makes of it behind `previous`.
    boolean follows(byte[] previous, Seal seal) {
        return Seal.same(hash, seal.hash(previous, octets, 0, sealedTo));
    }

    boolean is(AuditEntry entry) {
        return entry.code().equals(text("event"));
    }

    /// The text of a member that needs no escapes, or null. Quotes within strings are escaped, so that this cannot be
    /// found inside one.
    @Nullable
    String text(String member) {
        byte[] wanted = (",\"" + member + "\":\"").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + wanted.length < sealedTo; i++) {
            if (octets[i] == ',' && has(octets, i, wanted)) {
                int from = i + wanted.length;
                int to = from;
                while (to < sealedTo && octets[to] != '"') {
                    to++;
                }
                return new String(octets, from, to - from, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /// What an opening entry says the hash before it is; null for any other entry.
    byte @Nullable [] previous() {
        String stated = is(AuditEntry.OPENED) ? text("previous") : null;
        return stated == null ? null : hash(stated);
    }

    /// The name of the key from an opening entry on, empty for none.
    String keyId() {
        String stated = text("key");
        return stated == null ? "" : stated;
    }

    private static boolean has(byte[] octets, int at, byte[] wanted) {
        if (at + wanted.length > octets.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (octets[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
