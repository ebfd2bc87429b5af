package dev.sallyport.extension.token.signing;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The file that keeps the signing keys: readable by its owner only, replaced as a whole, and on the disk before
/// anything is signed by a key in it, so that no crash loses one.
///
/// Several gateways of one machine may share it. Blocks.
@OffLoop("the executor for blocking work")
final class KeyFile {
    private static final int MOST = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final FileAttribute<?> FILE = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final Path file;
    private final Path temporary;
    private final Path lock;

    KeyFile(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("signing-keys.jwks.json");
        this.temporary = folder.resolve("signing-keys.new");
        this.lock = folder.resolve("signing-keys.lock");
    }

    /// Where it is.
    String name() {
        return file.toString();
    }

    /// Replaces what is kept by what `change` makes of it, and gives it back when it is safe on the disk.
    ///
    /// @throws IOException the file cannot be read, is not what it should be, or cannot be replaced; what was kept
    ///     still is
    synchronized KeyRing update(UnaryOperator<KeyRing> change) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, FOLDER);
        }
        try (FileChannel channel =
                        FileChannel.open(lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
                FileLock _ = channel.lock()) {
            KeyRing before = read();
            KeyRing after = change.apply(before);
            if (!after.equals(before)) {
                write(after.text());
            }
            return after;
        }
    }

    private KeyRing read() throws IOException {
        if (!Files.exists(file)) {
            return KeyRing.EMPTY;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException(file + ": " + PosixFilePermissions.toString(permissions)
                    + ", so that others may have read the signing keys (expected: "
                    + PosixFilePermissions.toString(OWNER_ONLY) + "; remove the file for new keys)");
        }
        if (Files.size(file) > MOST) {
            throw new IOException(file + ": more than " + MOST + " octets (expected: a set of signing keys)");
        }
        try {
            return KeyRing.parse(Files.readString(file));
        } catch (ParseException e) {
            // what the parser says may hold parts of the keys
            throw new IOException(file + ": not a set of signing keys (expected: as it was written, or no file)");
        }
    }

    private void write(String text) throws IOException {
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder)) {
            directory.force(true);
        }
    }
}
