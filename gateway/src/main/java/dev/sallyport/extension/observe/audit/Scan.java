package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.AuditEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A walk over the lines of a file from one that is known to its last whole one; used once.
@OffLoop("the thread that opens an audit log")
final class Scan {
    /// In the place of a key's name: which one it is is not known, so that nothing is checked.
    static final String UNKNOWN_KEY = "?";

    private final Seal seal;
    private final List<String> damage = new ArrayList<>();
    private final long start;
    private long sequence;
    private byte[] hash;
    private long end;
    private String keyId;
    private @Nullable SealedLine last;

    /// @param seal     checks lines that were sealed with its key
    /// @param sequence of the line that is known
    /// @param hash     of the line that is known
    /// @param end      where it ends
    /// @param keyId    of the key that lines are sealed with from there on
    Scan(Seal seal, long sequence, byte[] hash, long end, String keyId) {
        this.seal = seal;
        this.sequence = sequence;
        this.hash = hash;
        this.start = end;
        this.end = end;
        this.keyId = keyId;
    }

    void read(Path file) throws IOException {
        long broken = 0;
        try (LineReader lines = LineReader.at(file, start)) {
            byte[] octets;
            while ((octets = lines.next()) != null && lines.ended()) {
                SealedLine line = SealedLine.of(octets);
                if (line == null) {
                    broken++;
                    continue;
                }
                if (broken > 0) {
                    damage.add(broken + " lines before line " + line.sequence() + " are broken");
                    broken = 0;
                }
                take(line);
                end = lines.offset();
            }
        }
    }

    private void take(SealedLine line) {
        boolean known = !keyId.equals(UNKNOWN_KEY);
        if (line.is(AuditEntry.OPENED)) {
            keyId = line.keyId();
        }
        // one finding is enough to tell that there is damage: where it is, a verification says
        if (known && damage.isEmpty()) {
            if (line.sequence() != sequence + 1) {
                damage.add("line " + line.sequence() + " follows line " + sequence);
            } else if (keyId.equals(seal.keyId()) && !line.follows(hash, seal)) {
                damage.add("line " + line.sequence() + " was changed");
            }
        }
        sequence = Math.max(sequence, line.sequence());
        hash = line.hash();
        last = line;
    }

    /// Of the last line.
    long sequence() {
        return sequence;
    }

    /// Of the last line.
    byte[] hash() {
        return hash;
    }

    /// Where the last whole line ends.
    long end() {
        return end;
    }

    /// Of the key that the last line was sealed with.
    String keyId() {
        return keyId;
    }

    List<String> damage() {
        return damage;
    }

    /// Whether the last line says that its writer ended in order; `before` where no line was read.
    boolean closed(boolean before) {
        return last == null ? before : last.is(AuditEntry.CLOSED);
    }
}
