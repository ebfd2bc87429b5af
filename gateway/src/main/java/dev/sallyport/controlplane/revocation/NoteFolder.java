package dev.sallyport.controlplane.revocation;

import dev.sallyport.controlplane.config.read.RecordReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Notes as files, one each, so that they survive a restart; gateways that share the folder share them. Files are
/// replaced whole. For one thread at a time.
final class NoteFolder {
    private static final String SUFFIX = ".json";

    private final Path folder;
    private Map<String, Seen> seen = Map.of();

    /// A note with the state of its file when it was read.
    private record Seen(String state, RevocationNote note) {}

    NoteFolder(Path folder) {
        this.folder = folder;
    }

    /// All of them by id; those of files that did not change are not read again.
    ///
    /// @throws IOException one cannot be read or is none; the message says which
    Map<String, RevocationNote> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            seen = Map.of();
            return Map.of();
        }
        Map<String, Seen> next = new HashMap<>();
        Map<String, RevocationNote> notes = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(SUFFIX)) {
                    String id = name.substring(0, name.length() - SUFFIX.length());
                    Seen one = see(file, seen.get(id));
                    next.put(id, one);
                    notes.put(id, one.note);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        seen = next;
        return notes;
    }

    private static Seen see(Path file, @Nullable Seen before) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        String state = attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime();
        if (before != null && before.state.equals(state)) {
            return before;
        }
        RecordReader.Outcome<RevocationNote> read = RecordReader.read(file, RevocationNote.class);
        RevocationNote note = read.value();
        if (note == null) {
            throw new IOException(read.complaint());
        }
        return new Seen(state, note);
    }

    /// Keeps `note`, on the disk when this returns.
    void put(String id, RevocationNote note) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, onlyOwner("rwx------"));
        }
        Path fresh = Files.createTempFile(folder, id, ".new", onlyOwner("rw-------"));
        try {
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer octets = ByteBuffer.wrap(note.json());
                while (octets.hasRemaining()) {
                    out.write(octets);
                }
                out.force(true);
            }
            Files.move(fresh, file(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel itself = FileChannel.open(folder, StandardOpenOption.READ)) {
            itself.force(true);
        }
    }

    /// Forgets notes.
    void remove(List<String> ids) throws IOException {
        for (String id : ids) {
            Files.deleteIfExists(file(id));
        }
    }

    private Path file(String id) {
        return folder.resolve(id + SUFFIX);
    }

    private static FileAttribute<?>[] onlyOwner(String permissions) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
