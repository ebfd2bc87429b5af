package dev.sallyport.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps an audit log from being written, as a full disk would, whoever runs the tests.
public final class FullDisk {
    private final Path obstacle;

    private FullDisk(Path obstacle) {
        this.obstacle = obstacle;
    }

    /// Stands in the way of the head of `log`; one that is just being written is let pass first.
    public static FullDisk under(Path log) {
        Path next = log.resolveSibling("." + log.getFileName() + ".head.next");
        Eventually.until("no head is being written", () -> {
            try {
                Files.createDirectory(next);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new FullDisk(next);
    }

    /// There is room again.
    public void mend() throws IOException {
        Files.delete(obstacle);
    }
}
