package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.AtomicFile;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.extension.authn.live.WatchedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A [Pepper] in a file of its own, readable by its owner only.
@OffLoop("virtual threads and control threads")
public final class PepperFile {
    private static final int OCTETS = 32;

    private final Path file;

    public PepperFile(Path file) {
        this.file = file;
    }

    /// The one that is made where none is configured, in the gateway's data folder.
    public static PepperFile in(Path folder) {
        return new PepperFile(folder.resolve("api-key-pepper"));
    }

    /// The pepper, or null when there is no file.
    ///
    /// @throws StoreException it cannot be read, others may read it too, or it is too short
    public @Nullable Pepper read() throws StoreException {
        try {
            if (!Files.exists(file)) {
                return null;
            }
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                Set<PosixFilePermission> permissions = view.readAttributes().permissions();
                if (permissions.contains(PosixFilePermission.OTHERS_READ)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new StoreException(file + ": open to every user (expected: chmod 600)");
                }
            }
            return new Pepper(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new StoreException(WatchedFile.reason(file, e), e);
        } catch (IllegalArgumentException e) {
            throw new StoreException(file + ": " + e.getMessage(), e);
        }
    }

    /// The pepper; made if there is none.
    public Pepper readOrMake() throws StoreException {
        Pepper known = read();
        if (known != null) {
            return known;
        }
        byte[] random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        try {
            AtomicFile.create(
                    file, (Base64.getEncoder().encodeToString(random) + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new StoreException(WatchedFile.reason(file, e), e);
        }
        Pepper made = read();
        if (made == null) {
            throw new StoreException(file + ": gone again (expected: to stay)");
        }
        return made;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
