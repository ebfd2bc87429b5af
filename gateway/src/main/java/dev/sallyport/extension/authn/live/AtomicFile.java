package dev.sallyport.extension.authn.live;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes files so that at every moment, whatever is killed or loses power, they hold the old or the new content
/// whole; readable by their owner only.
@OffLoop("commands and control threads")
public final class AtomicFile {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> NOT_FOR_OTHERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ);

    private AtomicFile() {}

    /// Something done with a file while no other process does.
    @FunctionalInterface
    public interface Work {
        void run() throws IOException, StoreException;
    }

    /// Replaces `file`, or makes it, its folder included; owner, group and the group's right to read stay.
    public static void write(Path file, byte[] content) throws IOException {
        Path target = real(file);
        Path temporary = writeBeside(target, content);
        try {
            adopt(target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(folder(target));
    }

    /// Makes `file` unless it is there; whether it was made.
    public static boolean create(Path file, byte[] content) throws IOException {
        Path temporary = writeBeside(file.toAbsolutePath(), content);
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException _) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(folder(file.toAbsolutePath()));
        return true;
    }

    /// Does `work` while this process alone holds the lock that belongs to `file`, a hidden file beside it.
    public static void locked(Path file, Work work) throws IOException, StoreException {
        Path target = real(file);
        Path lock = target.resolveSibling("." + target.getFileName() + ".lock");
        Files.createDirectories(folder(target), PRIVATE_FOLDER);
        try (FileChannel channel =
                        FileChannel.open(lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE);
                FileLock _ = channel.lock()) {
            work.run();
        }
    }

    private static Path writeBeside(Path target, byte[] content) throws IOException {
        Path folder = folder(target);
        Files.createDirectories(folder, PRIVATE_FOLDER);
        Path temporary = Files.createTempFile(folder, "." + target.getFileName() + ".", ".tmp", PRIVATE);
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer octets = ByteBuffer.wrap(content);
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        return temporary;
    }

    /// A command that the administrator runs must not take a file away from the gateway's user.
    private static void adopt(Path target, Path temporary) throws IOException {
        PosixFileAttributes before = posix(target);
        PosixFileAttributes made = posix(temporary);
        if (before == null || made == null) {
            return;
        }
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (!before.owner().equals(made.owner())) {
            view.setOwner(before.owner());
        }
        if (!before.group().equals(made.group())) {
            view.setGroup(before.group());
        }
        Set<PosixFilePermission> kept = EnumSet.copyOf(NOT_FOR_OTHERS);
        kept.retainAll(before.permissions());
        kept.add(PosixFilePermission.OWNER_READ);
        kept.add(PosixFilePermission.OWNER_WRITE);
        view.setPermissions(kept);
    }

    private static @Nullable PosixFileAttributes posix(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null || !Files.exists(file) ? null : view.readAttributes();
    }

    /// The rename is on the disk once its folder is.
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Where a symbolic link leads: the link stays what it is.
    private static Path real(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    private static Path folder(Path absolute) {
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IllegalArgumentException(absolute + " (expected: a file in a folder)");
        }
        return folder;
    }
}
