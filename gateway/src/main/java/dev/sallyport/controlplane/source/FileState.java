package dev.sallyport.controlplane.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a file holds, as a digest: the same for the same content however it came there.
final class FileState {
    /// The state of a file that is not there or cannot be read.
    static final String ABSENT = "absent";

    private static final int BUFFER = 1 << 16;

    private FileState() {}

    /// The state of `path` now, symbolic links followed.
    static String of(Path path) {
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
