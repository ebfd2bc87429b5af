package dev.sallyport.extension.token.service;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/// What became of refresh tokens, on the disk before any client is told: one line for each change of a family, the
/// last one counts. Owner only; holds hashes, no tokens. Blocks.
@OffLoop("virtual threads of the token service")
final class RefreshJournal implements AutoCloseable {
    private static final int LINES_BEFORE_COMPACTION = 20_000;
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final Path file;
    private final Map<String, RefreshFamily> families = new LinkedHashMap<>();
    private final int linesBeforeCompaction;
    private FileChannel channel;
    private int lines;

    private RefreshJournal(Path folder, Path file, FileChannel channel, int linesBeforeCompaction) {
        this.linesBeforeCompaction = linesBeforeCompaction;
        this.folder = folder;
        this.file = file;
        this.channel = channel;
    }

    /// Reads `name` in `folder`, leaves out what has ended, and goes on writing to it.
    ///
    /// @throws IOException it cannot be read or written, or is damaged elsewhere than at its end, where a crash
    ///     leaves half a line that nobody was told of
    static RefreshJournal open(Path folder, String name, Instant now) throws IOException {
        return open(folder, name, now, LINES_BEFORE_COMPACTION);
    }

    /// @param linesBeforeCompaction how many lines there may be beside two for each family
    static RefreshJournal open(Path folder, String name, Instant now, int linesBeforeCompaction) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, FOLDER);
        }
        Path file = folder.resolve(name);
        Map<String, RefreshFamily> read = Files.exists(file) ? read(file) : Map.of();
        RefreshJournal journal =
                new RefreshJournal(folder, file, written(folder, file, read, now), linesBeforeCompaction);
        read.forEach((id, family) -> {
            if (family.expires().isAfter(now)) {
                journal.families.put(id, family);
            }
        });
        journal.lines = journal.families.size();
        return journal;
    }

    private static Map<String, RefreshFamily> read(Path file) throws IOException {
        String text = Files.readString(file);
        Map<String, RefreshFamily> families = new LinkedHashMap<>();
        int whole = text.lastIndexOf('\n') + 1;
        int number = 0;
        for (String line : text.substring(0, whole).lines().toList()) {
            number++;
            int first = line.indexOf(' ');
            int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
            RefreshFamily family = second < 0 || !line.substring(0, first).equals(check(line.substring(first + 1)))
                    ? null
                    : RefreshFamily.parse(line.substring(second + 1));
            if (family == null) {
                throw new IOException(file + ":" + number + ": damaged (expected: as it was written; "
                        + "remove the file to end all refresh tokens)");
            }
            families.put(line.substring(first + 1, second), family);
        }
        return families;
    }

    /// A new file in the place of the old one, with what has not ended.
    private static FileChannel written(Path folder, Path file, Map<String, RefreshFamily> families, Instant now)
            throws IOException {
        Path temporary = folder.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        FileChannel channel =
                FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE);
        try {
            StringBuilder text = new StringBuilder();
            families.forEach((id, family) -> {
                if (family.expires().isAfter(now)) {
                    text.append(line(id, family));
                }
            });
            write(channel, text.toString());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(folder)) {
                directory.force(true);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
        channel.force(true);
    }

    private static String line(String id, RefreshFamily family) {
        String content = id + " " + family.text();
        return check(content) + " " + content + "\n";
    }

    private static String check(String content) {
        CRC32 crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /// Every family that has not ended, as it was last kept.
    synchronized Map<String, RefreshFamily> families() {
        return Map.copyOf(families);
    }

    /// Keeps what became of a family; it is on the disk when this returns.
    ///
    /// @throws IOException it may not be
    synchronized void keep(String id, RefreshFamily family, Instant now) throws IOException {
        if (lines >= linesBeforeCompaction + 2 * families.size()) {
            families.values().removeIf(one -> !one.expires().isAfter(now));
            FileChannel old = channel;
            channel = written(folder, file, families, now);
            old.close();
            lines = families.size();
        }
        RefreshFamily before = families.get(id);
        if (before != null && before.revoked()) {
            return; // a change from before the revocation comes late
        }
        families.put(id, family);
        lines++;
        write(channel, line(id, family));
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
