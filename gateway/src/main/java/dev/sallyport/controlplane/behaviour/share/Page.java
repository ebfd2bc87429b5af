package dev.sallyport.controlplane.behaviour.share;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one gateway has to tell, as much of it as fits into one value of the store.
///
/// @param version which of the gateway's pages of this name is the latest
record Page(long version, List<Finding> findings) {
    /// The most octets of a page, a little less than a value may have.
    static final int LARGEST = 60 * 1024;

    /// The most octets of a key that is told.
    static final int LONGEST_KEY = 1024;

    private static final byte FORMAT = 1;
    /// How many octets there are before the first finding.
    static final int HEAD = 1 + Long.BYTES;
    private static final int FIXED = 2 + 2 * Long.BYTES + Short.BYTES;
    private static final Verdict[] VERDICTS = Verdict.values();
    private static final Kind[] KINDS = Kind.values();

    Page {
        findings = List.copyOf(findings);
    }

    /// How many octets `finding` takes.
    static int size(Finding finding) {
        return FIXED + finding.subject().key().getBytes(UTF_8).length;
    }

    @SuppressWarnings("EnumOrdinal") // a format with a version
    byte[] octets() {
        int size = findings.stream().mapToInt(Page::size).sum();
        ByteBuffer into = ByteBuffer.allocate(HEAD + size);
        into.put(FORMAT).putLong(version);
        for (Finding one : findings) {
            byte[] key = one.subject().key().getBytes(UTF_8);
            into.put((byte) one.verdict().ordinal());
            into.put((byte) one.subject().kind().ordinal());
            into.putLong(one.stamp()).putLong(one.until());
            into.putShort((short) key.length).put(key);
        }
        return into.array();
    }

    /// What `octets` say; null when that is not understood.
    static @Nullable Page read(byte[] octets) {
        ByteBuffer from = ByteBuffer.wrap(octets);
        try {
            if (from.get() != FORMAT) {
                return null;
            }
            long version = from.getLong();
            List<Finding> findings = new ArrayList<>();
            while (from.hasRemaining()) {
                Verdict verdict = VERDICTS[from.get()];
                Kind kind = KINDS[from.get()];
                long stamp = from.getLong();
                long until = from.getLong();
                byte[] key = new byte[from.getShort()];
                from.get(key);
                findings.add(new Finding(verdict, new Finding.Subject(kind, new String(key, UTF_8)), stamp, until));
            }
            return new Page(version, findings);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | NegativeArraySizeException strange) {
            return null;
        }
    }
}
