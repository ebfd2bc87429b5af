package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.compile.findings.Findings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files a configuration names, each read once: whether they can be read, and a digest of what they hold.
final class ReferredFiles {
    private static final int MOST_OCTETS = 8 << 20;

    private final Findings findings;
    private final Map<Path, String> digests = new LinkedHashMap<>();

    ReferredFiles(Findings findings) {
        this.findings = findings;
    }

    /// Every file asked for.
    Set<Path> paths() {
        return digests.keySet();
    }

    /// A digest of the file's content; an error is noted at `path` and the digest empty when it cannot be read.
    /// The digest of no file is `-`.
    String digest(String path, @Nullable Path file) {
        if (file == null) {
            return "-";
        }
        String known = digests.get(file);
        if (known != null && !known.isEmpty()) {
            return known;
        }
        String digest = "";
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_OCTETS + 1);
            if (content.length > MOST_OCTETS) {
                findings.error(path, file + ": too large", "expected: at most " + (MOST_OCTETS >> 20) + "MiB");
            } else if (content.length == 0) {
                findings.error(path, file + ": empty", "expected: PEM");
            } else {
                digest = HexFormat.of().formatHex(sha256().digest(content));
            }
        } catch (NoSuchFileException e) {
            findings.error(path, file + ": there is no such file", "relative paths start at the file they stand in");
        } catch (AccessDeniedException e) {
            findings.error(path, file + ": permission denied", "expected: readable for the gateway's user");
        } catch (IOException e) {
            findings.error(path, file + ": cannot be read: " + e.getMessage(), "");
        }
        digests.put(file, digest);
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
