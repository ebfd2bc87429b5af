package dev.sallyport.extension.authn.live;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file that is read whole when it may have changed. Confined to one thread at a time.
@OffLoop("virtual threads and control threads")
public final class WatchedFile {
    private static final int MOST_OCTETS = 64 << 20;

    /// A change so soon after the file was read may have left its time as it was.
    private static final Duration UNSURE = Duration.ofSeconds(2);

    private final Path file;
    private @Nullable State seen;
    private byte @Nullable [] digest;

    private record State(
            Instant modified, long size, @Nullable Object key, boolean sure) {}

    public WatchedFile(Path file) {
        this.file = file;
    }

    /// The octets of the file, or null when it is the one read before.
    ///
    /// @throws StoreException it is not there, cannot be read or is too large
    public byte @Nullable [] readIfChanged() throws StoreException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Instant modified = attributes.lastModifiedTime().toInstant();
            State now = new State(
                    modified,
                    attributes.size(),
                    attributes.fileKey(),
                    Duration.between(modified, Instant.now()).compareTo(UNSURE) > 0);
            State before = seen;
            if (before != null && before.sure && before.equals(now)) {
                return null;
            }
            byte[] octets = read();
            byte[] sum = Sha256.of(octets);
            boolean same = Arrays.equals(sum, digest);
            seen = now;
            digest = sum;
            return same ? null : octets;
        } catch (IOException e) {
            throw new StoreException(reason(file, e), e);
        }
    }

    /// Has the file read again at the next call, because what was read is not used.
    public void forget() {
        seen = null;
        digest = null;
    }

    private byte[] read() throws IOException, StoreException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MOST_OCTETS + 1);
            if (octets.length > MOST_OCTETS) {
                throw new StoreException(file + ": too large (expected: at most " + (MOST_OCTETS >> 20) + "MiB)");
            }
            return octets;
        }
    }

    /// Which file, and why it cannot be used, in words.
    public static String reason(Path file, IOException e) {
        return file + ": "
                + switch (e) {
                    case NoSuchFileException missing
                    when Objects.equals(missing.getFile(), file.toString()) -> "there is no such file";
                    case NoSuchFileException _ -> "there is no such folder";
                    case AccessDeniedException _ -> "permission denied";
                    default -> String.valueOf(e.getMessage());
                };
    }
}
