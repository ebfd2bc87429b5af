package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.sink.LogFile;
import dev.sallyport.telemetry.JsonLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file of an audit log, which goes on where it was left: what is written is on the disk when [#write] returns,
/// and what a failed write has begun is written over by the next attempt. Only one process writes it. Confined to one
/// thread at a time.
@OffLoop("the thread of the audit log")
public final class AuditFile implements AutoCloseable {
    private static final Set<OpenOption> WRITE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    private static final long CHECK_NANOS = 500_000_000;

    private final Path path;
    private final FileChannel lock;
    private final Tail tail;
    private final Chain chain;
    private FileChannel channel;
    private @Nullable Object identity;
    private long first;
    private long end;
    private long checkedAt = System.nanoTime();
    private boolean gone;

    private AuditFile(Path path, FileChannel lock, Tail tail, Seal seal) throws IOException {
        this.path = path;
        this.lock = lock;
        this.tail = tail;
        this.chain = new Chain(seal, tail.sequence(), tail.hash());
        this.first = tail.first();
        this.end = tail.end();
        this.channel = openChannel();
    }

    /// Opens `path`, made where there is none. Nothing in it is changed before [#begin].
    ///
    /// @param key what lines are sealed with, or null
    /// @throws IOException it cannot be written, is another process's, or is no audit log; the message says which
    public static AuditFile open(Path path, @Nullable String key) throws IOException {
        FileChannel lock = lock(path);
        try {
            Seal seal = Seal.of(key);
            return new AuditFile(path, lock, Tail.of(path, seal), seal);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /// A lock beside the file: the file itself changes its name.
    private static FileChannel lock(Path path) throws IOException {
        Path beside = path.resolveSibling("." + path.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(beside, WRITE, LogFile.forOwnerAndGroup(beside));
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (held == null) {
            channel.close();
            throw new IOException(path + ": is the audit log of a gateway that runs");
        }
        return channel;
    }

    private FileChannel openChannel() throws IOException {
        FileChannel opened = FileChannel.open(path, WRITE, LogFile.forOwnerAndGroup(path));
        try {
            identity = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    public Path path() {
        return path;
    }

    /// How it was left.
    Tail tail() {
        return tail;
    }

    Chain chain() {
        return chain;
    }

    /// How long it is.
    long size() {
        return end;
    }

    /// Whether it holds more than the entry that opens it.
    boolean filled() {
        return chain.sequence() > first;
    }

    /// Gets ready for the first line: what lies behind the last whole line is cut off.
    void begin() throws IOException {
        if (channel.size() > end) {
            channel.truncate(end);
        }
        if (end == 0) {
            first = chain.sequence() + 1;
        }
        if (Head.of(path) == null) {
            new Head(tail.sequence(), tail.hash(), first, end, tail.keyId(), false).write(path);
        }
    }

    /// Puts whole lines on the disk.
    ///
    /// @param sequence the number of the last of them
    /// @param closed   whether they are the last ones of this writer
    void write(JsonLine lines, long sequence, byte[] hash, boolean closed) throws IOException {
        int length = lines.length();
        ByteBuffer octets = ByteBuffer.wrap(lines.bytes(), 0, length);
        long at = end;
        while (octets.hasRemaining()) {
            at += channel.write(octets, at);
        }
        channel.force(false);
        new Head(sequence, hash, first, at, chain.seal().keyId(), closed).write(path);
        end = at;
    }

    /// Whether somebody moved or deleted the file; looked at twice a second.
    boolean gone() throws IOException {
        if (!gone && System.nanoTime() - checkedAt >= CHECK_NANOS) {
            checkedAt = System.nanoTime();
            try {
                Object found =
                        Files.readAttributes(path, BasicFileAttributes.class).fileKey();
                gone = identity != null && !identity.equals(found);
            } catch (NoSuchFileException e) {
                gone = true;
            }
        }
        return gone;
    }

    /// Goes on in a file of its own, whatever is at its place now.
    ///
    /// @throws IOException there is no such file
    void startAnew() throws IOException {
        if (Files.exists(path)) {
            // somebody else's: it is kept, under a name that says from when on it is not ours
            Files.move(path, path.resolveSibling(path.getFileName() + ".found-" + (chain.sequence() + 1)));
        }
        replaceChannel();
    }

    /// Goes on in a new file; this one is kept under a name that tells which lines it has.
    Path rotate() throws IOException {
        Path old = OldFiles.name(path, first, chain.sequence());
        if (Files.exists(old)) {
            throw new IOException(old + ": exists");
        }
        Files.move(path, old);
        try {
            replaceChannel();
        } catch (IOException e) {
            Files.move(old, path);
            throw e;
        }
        return old;
    }

    private void replaceChannel() throws IOException {
        FileChannel before = channel;
        channel = openChannel();
        before.close();
        gone = false;
        first = chain.sequence() + 1;
        end = 0;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            channel.close();
        }
    }
}
