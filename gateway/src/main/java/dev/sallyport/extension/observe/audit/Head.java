package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.sink.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is written beside an audit log each time lines have reached the disk: the last of them, so that a file that
/// was cut short afterwards does not look whole.
///
/// @param sequence of the last line
/// @param hash     of the last line
/// @param first    the number of the first line in the file
/// @param offset   where the last line ends in the file
/// @param keyId    of the key that the last line was sealed with, empty for none
/// @param closed   whether its writer ended in order
@OffLoop("the thread of the audit log, and commands")
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Head(long sequence, byte[] hash, long first, long offset, String keyId, boolean closed) {
    private static final Pattern TEXT =
            Pattern.compile("\\{\"sequence\":(\\d{1,18}),\"hash\":\"([0-9a-f]{64})\",\"first\":(\\d{1,18}),"
                    + "\"offset\":(\\d{1,18}),\"key\":\"([0-9a-f]*)\",\"closed\":(true|false)}\n");
    private static final int MOST_OCTETS = 1024;

    /// Where the head of the audit log `file` is; hidden, so that `audit.jsonl*` names logs only.
    static Path beside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".head");
    }

    /// The head of the audit log `file`, or null where there is none.
    ///
    /// @throws IOException it cannot be read, or is something else
    static @Nullable Head of(Path file) throws IOException {
        Path path = beside(file);
        byte[] octets;
        try (var in = Files.newInputStream(path)) {
            octets = in.readNBytes(MOST_OCTETS);
        } catch (NoSuchFileException e) {
            return null;
        }
        Matcher text = TEXT.matcher(new String(octets, StandardCharsets.ISO_8859_1));
        if (!text.matches()) {
            throw new IOException(path + ": is broken, which no gateway does to it; look into it, and remove it then");
        }
        return new Head(
                Long.parseLong(text.group(1)),
                HexFormat.of().parseHex(text.group(2)),
                Long.parseLong(text.group(3)),
                Long.parseLong(text.group(4)),
                text.group(5),
                text.group(6).equals("true"));
    }

    /// Puts it in the place of the one before, whole or not at all.
    void write(Path file) throws IOException {
        Path path = beside(file);
        Path next = path.resolveSibling(path.getFileName() + ".next");
        Set<StandardOpenOption> fresh =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try (FileChannel out = FileChannel.open(next, fresh, LogFile.forOwnerAndGroup(next))) {
            ByteBuffer octets = ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                out.write(octets);
            }
            out.force(false);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String text() {
        return "{\"sequence\":" + sequence + ",\"hash\":\"" + HexFormat.of().formatHex(hash) + "\",\"first\":" + first
                + ",\"offset\":" + offset + ",\"key\":\"" + keyId + "\",\"closed\":" + closed
                + "}\n";
    }
}
