package dev.sallyport.extension.observe.sink;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file that lines are appended to, which begins anew when it has reached a size and is opened again when
/// somebody moved or deleted it.
///
/// Old files are called `NAME.1` (the youngest) to `NAME.keep`, with `.gz` where they are compressed. A line is never
/// spread over two files.
@OffLoop("the thread of the access log")
public final class LogFile implements LogSink {
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    private static final long CHECK_NANOS = 500_000_000;

    private final Path path;
    private final long rotateAt;
    private final OldFiles old;
    private volatile @Nullable Disk disk;
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long size;
    private long checkedAt;

    /// Opens the file for appending and makes it where there is none, readable by owner and group.
    ///
    /// @param rotateAt the size in bytes that no file grows beyond, unless a single batch of lines is larger
    /// @param keep     how many old files stay, 0 for none
    public LogFile(Path path, long rotateAt, int keep) throws IOException {
        this(path, rotateAt, keep, false);
    }

    /// The same, with old files compressed by gzip where that is wanted.
    public LogFile(Path path, long rotateAt, int keep, boolean compress) throws IOException {
        if (rotateAt < 1 || keep < 0) {
            throw new IllegalArgumentException(
                    "rotateAt: " + rotateAt + ", keep: " + keep + " (expected: at least 1 and 0)");
        }
        this.path = path;
        this.rotateAt = rotateAt;
        open();
        this.old = new OldFiles(path, keep, compress);
    }

    private FileChannel open() throws IOException {
        FileChannel opened = FileChannel.open(path, APPEND, forOwnerAndGroup(path));
        try {
            size = opened.size();
            identity = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        checkedAt = System.nanoTime();
        disk = diskOf(path);
        channel = opened;
        return opened;
    }

    /// What a new file of a log is made with, where the file system knows such things.
    public static FileAttribute<?>[] forOwnerAndGroup(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        FileChannel out = channel;
        if (out != null && System.nanoTime() - checkedAt >= CHECK_NANOS) {
            checkedAt = System.nanoTime();
            disk = diskOf(path);
            if (moved()) {
                close();
                out = null;
            }
        }
        if (out == null) {
            backToLineStart(lines);
            out = open();
        }
        IOException notRotated = null;
        if (size > 0 && size + lines.remaining() > rotateAt && atLineStart(lines)) {
            close();
            try {
                old.add();
            } catch (IOException e) {
                notRotated = e;
            }
            out = open();
            if (notRotated != null) {
                // The file grows by another measure before the next attempt: lines matter more than its size.
                size = 0;
            }
        }
        while (lines.hasRemaining()) {
            size += out.write(lines);
        }
        if (notRotated == null) {
            notRotated = old.takeProblem();
        }
        if (notRotated != null) {
            throw notRotated;
        }
    }

    private static @Nullable Disk diskOf(Path path) {
        try {
            FileStore store = Files.getFileStore(path);
            return new Disk(store.getTotalSpace() - store.getUnallocatedSpace(), store.getUsableSpace());
        } catch (IOException e) {
            return null; // moved just now, or not known
        }
    }

    private static boolean atLineStart(ByteBuffer lines) {
        return lines.position() == 0 || lines.get(lines.position() - 1) == '\n';
    }

    private boolean moved() throws IOException {
        try {
            return identity != null
                    && !identity.equals(Files.readAttributes(path, BasicFileAttributes.class)
                            .fileKey());
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /// Another file gets the whole of a line that a failed write has cut.
    private static void backToLineStart(ByteBuffer lines) {
        while (!atLineStart(lines)) {
            lines.position(lines.position() - 1);
        }
    }

    @Override
    public @Nullable Disk disk() {
        return disk;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
