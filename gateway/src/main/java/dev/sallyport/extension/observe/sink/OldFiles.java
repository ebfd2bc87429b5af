package dev.sallyport.extension.observe.sink;

import dev.sallyport.api.plugin.OffLoop;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// What a log was before: `NAME.1` (the youngest) to `NAME.keep`, or `NAME.1.gz` and so on where they are compressed.
///
/// Compressing is done by a thread of its own. Its result gets its name when it is whole and on the disk, and only
/// then the file it was made of is deleted: whenever the process ends, no file is half a one, and none is lost.
@OffLoop("the thread of the access log, and one that compresses")
final class OldFiles {
    private static final Set<OpenOption> FRESH = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final int CHUNK = 64 * 1024;

    /// Two logs may have one file while one takes the other's place.
    private static final Object NAMES = new Object();

    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path path;
    private final int keep;
    private final boolean compress;
    private final AtomicBoolean compressing = new AtomicBoolean();
    private volatile @Nullable IOException problem;

    OldFiles(Path path, int keep, boolean compress) throws IOException {
        this.path = path;
        this.keep = keep;
        this.compress = compress;
        if (compress) {
            deleteHalves();
            compressSoon();
        }
    }

    private Path plain(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private Path compressed(int number) {
        return path.resolveSibling(path.getFileName() + "." + number + ".gz");
    }

    /// What a process left that ended while it compressed.
    private void deleteHalves() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        String begin = "." + path.getFileName() + ".";
        DirectoryStream.Filter<Path> halves = file -> {
            String name = String.valueOf(file.getFileName());
            return name.startsWith(begin) && name.endsWith(".gz.part") && !UNDER_WAY.contains(file);
        };
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, halves)) {
            for (Path half : found) {
                Files.deleteIfExists(half);
            }
        }
    }

    /// Makes the log itself the youngest of the old files.
    void add() throws IOException {
        synchronized (NAMES) {
            if (keep == 0) {
                Files.deleteIfExists(path);
                return;
            }
            Files.deleteIfExists(plain(keep));
            Files.deleteIfExists(compressed(keep));
            for (int number = keep - 1; number >= 1; number--) {
                move(plain(number), plain(number + 1));
                move(compressed(number), compressed(number + 1));
            }
            move(path, plain(1));
        }
        if (compress) {
            compressSoon();
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            // fewer old files than may be kept
        }
    }

    /// Why compressing failed since this was last asked; null when it did not.
    @Nullable
    IOException takeProblem() {
        IOException found = problem;
        problem = null;
        return found;
    }

    private void compressSoon() {
        if (compressing.compareAndSet(false, true)) {
            Thread.ofPlatform().name("log-gzip").daemon(true).start(this::compressAll);
        }
    }

    private void compressAll() {
        try {
            while (compressNext()) {
                // until none is left
            }
        } catch (IOException e) {
            problem = e;
        } finally {
            compressing.set(false);
        }
        if (problem == null && next() != null) {
            compressSoon();
        }
    }

    /// The youngest file that is not compressed.
    private @Nullable Path next() {
        for (int number = 1; number <= keep; number++) {
            if (Files.exists(plain(number))) {
                return plain(number);
            }
        }
        return null;
    }

    private boolean compressNext() throws IOException {
        Path part = path.toAbsolutePath()
                .resolveSibling("." + path.getFileName() + "."
                        + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".gz.part");
        UNDER_WAY.add(part);
        try {
            FileChannel in;
            Object identity;
            synchronized (NAMES) {
                Path from = next();
                if (from == null) {
                    return false;
                }
                in = FileChannel.open(from, StandardOpenOption.READ);
                identity = identity(from);
            }
            try (in) {
                compress(in, part);
            }
            finish(part, identity);
            return true;
        } finally {
            Files.deleteIfExists(part);
            UNDER_WAY.remove(part);
        }
    }

    private static Object identity(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Object key = attributes.fileKey();
        return key == null ? attributes.lastModifiedTime() : key;
    }

    private static void compress(FileChannel from, Path part) throws IOException {
        try (FileChannel to = FileChannel.open(part, FRESH, LogFile.forOwnerAndGroup(part))) {
            InputStream in = Channels.newInputStream(from);
            OutputStream file = new BufferedOutputStream(Channels.newOutputStream(to), CHUNK);
            GZIPOutputStream out = new GZIPOutputStream(file, CHUNK);
            in.transferTo(out);
            out.finish();
            file.flush();
            to.force(true);
        }
    }

    /// Gives the compressed file the name of the one it was made of, which may have moved on meanwhile.
    private void finish(Path part, Object identity) throws IOException {
        synchronized (NAMES) {
            for (int number = 1; number <= keep; number++) {
                Path from = plain(number);
                if (Files.exists(from) && identity(from).equals(identity)) {
                    Files.move(part, compressed(number), StandardCopyOption.REPLACE_EXISTING);
                    Files.delete(from);
                    return;
                }
            }
        }
    }
}
