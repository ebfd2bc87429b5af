package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an audit log was left, and where it goes on.
///
/// Only what lies behind the last whole line is taken for the rest of a writer that was stopped. Whatever else is not
/// as it should be stays in the file, for [Verification] to find, and is only told.
///
/// @param sequence of the last line
/// @param hash     of the last line
/// @param first    the number of the file's first line, 0 for a file without lines
/// @param end      where the last whole line ends
/// @param cut      what lies behind it
/// @param closed   whether the last writer ended in order, or there was none
/// @param keyId    of the key that the last line was sealed with, empty for none
/// @param damage   what is not as it was left
@OffLoop("the thread that opens an audit log")
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Tail(
        long sequence,
        byte[] hash,
        long first,
        long end,
        byte[] cut,
        boolean closed,
        String keyId,
        List<String> damage) {
    private static final byte[] NOTHING = {};
    private static final int MOST_CUT = 1 << 20;

    /// Reads how `file` was left. Of a file with a head, only what lies behind the head is read.
    ///
    /// @param seal by which lines are checked that were sealed with its key
    /// @throws IOException it cannot be read, or holds something else than an audit log
    static Tail of(Path file, Seal seal) throws IOException {
        Head head = Head.of(file);
        if (!Files.exists(file) || Files.size(file) == 0) {
            return withoutFile(file, head);
        }
        SealedLine first = firstLine(file);
        if (first == null) {
            return ofFirstWrite(file, head);
        }
        List<String> damage = new ArrayList<>();
        Scan scan = scan(file, seal, head, first, damage);
        scan.read(file);
        damage.addAll(scan.damage());
        byte[] cut = cut(file, scan.end());
        if (head != null && scan.sequence() < head.sequence()) {
            damage.add("lines " + (scan.sequence() + 1) + " to " + head.sequence() + " are missing at the end");
            return new Tail(
                    head.sequence(), head.hash(), first.sequence(), scan.end(), cut, false, scan.keyId(), damage);
        }
        return new Tail(
                scan.sequence(),
                scan.hash(),
                first.sequence(),
                scan.end(),
                cut,
                scan.closed(head != null && head.closed()),
                scan.keyId(),
                damage);
    }

    /// The walk from what is known of the file.
    private static Scan scan(Path file, Seal seal, @Nullable Head head, SealedLine first, List<String> damage)
            throws IOException {
        if (head != null && head.first() == first.sequence() && endsAt(file, head)) {
            return new Scan(seal, head.sequence(), head.hash(), head.offset(), head.keyId());
        }
        byte[] stated = first.previous();
        byte[] previous = stated == null ? Seal.beginning() : stated;
        if (head == null) {
            damage.add("the head file is gone");
        } else if (head.first() == first.sequence()) {
            damage.add("it is not what the head file says");
        } else if (first.sequence() != head.sequence() + 1 || !Seal.same(previous, head.hash())) {
            // a file that has just taken the place of a full one goes on from where the head is
            damage.add("it begins with line " + first.sequence() + ", though line " + head.sequence()
                    + " was the last one");
        }
        return new Scan(seal, first.sequence() - 1, previous, 0, "");
    }

    /// There is no file, or an empty one: never written to, renamed a moment before its writer was stopped, or gone.
    private static Tail withoutFile(Path file, @Nullable Head head) throws IOException {
        OldFiles.Old old = OldFiles.youngest(file);
        if (head != null) {
            boolean renamed = head.sequence() == 0 || (old != null && old.last() == head.sequence());
            return new Tail(
                    head.sequence(),
                    head.hash(),
                    0,
                    0,
                    NOTHING,
                    false,
                    head.keyId(),
                    renamed ? List.of() : List.of("the file with the lines up to " + head.sequence() + " is gone"));
        }
        if (old == null) {
            return new Tail(0, Seal.beginning(), 0, 0, NOTHING, true, "", List.of());
        }
        Scan scan = new Scan(Seal.of(null), 0, Seal.beginning(), 0, Scan.UNKNOWN_KEY);
        scan.read(old.path());
        return new Tail(
                scan.sequence(),
                scan.hash(),
                0,
                0,
                NOTHING,
                false,
                scan.keyId(),
                List.of("the head file and what followed line " + scan.sequence() + " are gone"));
    }

    /// The file holds no whole line: the writer of its first one was stopped, or it is no audit log.
    private static Tail ofFirstWrite(Path file, @Nullable Head head) throws IOException {
        byte[] content = cut(file, 0);
        String begun = new String(SealedLine.SEQUENCE, StandardCharsets.US_ASCII);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\n') >= 0
                || content.length >= MOST_CUT
                || !(text.startsWith(begun) || begun.startsWith(text))) {
            throw new IOException(file + ": is no audit log");
        }
        Tail before = withoutFile(file, head);
        return new Tail(before.sequence, before.hash, 0, 0, content, false, before.keyId, before.damage);
    }

    private static @Nullable SealedLine firstLine(Path file) throws IOException {
        try (LineReader lines = LineReader.of(file)) {
            byte[] line = lines.next();
            return line == null || !lines.ended() ? null : SealedLine.of(line);
        }
    }

    /// Whether the line that the head tells of ends where it says.
    private static boolean endsAt(Path file, Head head) throws IOException {
        if (head.offset() == 0) {
            return true;
        }
        int length = SealedLine.HASH.length + Seal.LENGTH * 2 + SealedLine.END.length;
        if (head.offset() < length || Files.size(file) < head.offset()) {
            return false;
        }
        byte[] end = new byte[length];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(head.offset() - length);
            in.readFully(end);
        }
        String text = new String(end, StandardCharsets.ISO_8859_1);
        byte[] hash = SealedLine.hash(text.substring(SealedLine.HASH.length, SealedLine.HASH.length + Seal.LENGTH * 2));
        return text.endsWith("\n") && hash != null && Seal.same(hash, head.hash());
    }

    private static byte[] cut(Path file, long from) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] cut = new byte[(int) Math.min(MOST_CUT, in.length() - from)];
            in.seek(from);
            in.readFully(cut);
            return cut;
        }
    }
}
