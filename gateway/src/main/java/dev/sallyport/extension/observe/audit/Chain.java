package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Where the chain of lines has come to: number and hash of the last line, and how the next one is sealed. Confined to
/// one thread.
@OffLoop("the thread of the audit log")
final class Chain {
    private Seal seal;
    private long sequence;
    private byte[] hash;

    Chain(Seal seal, long sequence, byte[] hash) {
        this.seal = seal;
        this.sequence = sequence;
        this.hash = hash;
    }

    /// Adds the beginning of the next line.
    void begin(JsonLine line) {
        line.raw(SealedLine.SEQUENCE);
        line.number(sequence + 1);
    }

    /// Adds the end of the line that began at `start`, which from now on is the last one.
    void seal(JsonLine line, int start) {
        hash = seal.hash(hash, line.bytes(), start, line.length());
        sequence++;
        line.raw(SealedLine.HASH);
        line.raw(hex().getBytes(StandardCharsets.US_ASCII));
        line.raw(SealedLine.END);
    }

    /// From the next line on, seals otherwise.
    void sealWith(Seal other) {
        seal = other;
    }

    Seal seal() {
        return seal;
    }

    long sequence() {
        return sequence;
    }

    /// The hash of the last line; shared: must not be modified.
    byte[] hash() {
        return hash;
    }

    /// The hash of the last line.
    String hex() {
        return HexFormat.of().formatHex(hash);
    }
}
