package dev.sallyport.controlplane.revocation;

import dev.sallyport.controlplane.config.read.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The list of the configuration, read when it has changed. For one thread at a time.
final class ListFile {
    /// A file may be written twice within one tick of its time: right after a change it is always read.
    private static final Duration TICK = Duration.ofSeconds(2);

    private final Path file;
    private @Nullable String state;
    private List<Revocation> entries = List.of();

    ListFile(Path file) {
        this.file = file;
    }

    /// What it lists.
    ///
    /// @throws IOException it cannot be read or is not well formed; the message says where
    List<Revocation> entries() throws IOException {
        String now = state();
        if (now == null || !now.equals(state)) {
            RecordReader.Outcome<RevocationList> read = RecordReader.read(file, RevocationList.class);
            RevocationList list = read.value();
            if (list == null) {
                state = null;
                throw new IOException(read.complaint());
            }
            entries = list.revoked();
            state = now;
        }
        return entries;
    }

    private @Nullable String state() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException _) {
            return null; // reading it says why
        }
        Instant written = attributes.lastModifiedTime().toInstant();
        boolean settled = written.isBefore(Instant.now().minus(TICK));
        return settled ? attributes.fileKey() + " " + attributes.size() + " " + written : null;
    }
}
