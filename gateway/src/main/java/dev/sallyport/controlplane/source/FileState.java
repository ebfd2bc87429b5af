package dev.sallyport.controlplane.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// What a file holds, as a digest: the same for the same content however it came there.
public final class FileState {
    /// The state of a file that is not there or cannot be read.
    static final String ABSENT = "absent";

    /// The state of a file that may have changed while it was being read; like no other.
    static final String UNCERTAIN = "uncertain";

    private static final int BUFFER = 1 << 16;

    private FileState() {}

    /// The states of files that somebody read since `since`: those that were written meanwhile are uncertain, so
    /// that they count as changed when they are next looked at.
    public static Map<Path, String> asRead(Collection<Path> files, Instant since) {
        Map<Path, String> states = new TreeMap<>();
        for (Path file : files) {
            states.put(file, writtenSince(file, since) ? UNCERTAIN : of(file));
        }
        return states;
    }

    /// The state of `path` now, symbolic links followed.
    public static String of(Path path) {
        if (!Files.isRegularFile(path)) {
            return ABSENT;
        }
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            return ABSENT;
        }
    }

    private static boolean writtenSince(Path file, Instant since) {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            // a time to come says nothing but that some clock is wrong
            return written.isAfter(since) && !written.isAfter(Instant.now());
        } catch (IOException e) {
            return false; // absent, which is a state of its own
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
