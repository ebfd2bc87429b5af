package dev.sallyport.controlplane.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Notices that the content of files has changed, however it was changed: written in place, replaced by a rename,
/// or by swapping a symbolic link above them, as Kubernetes does with its volumes.
///
/// The operating system's events only make it look sooner; it also looks by itself every `poll`, and only content
/// counts. A change is told once the content has stayed the same for `settle`, so that half-written files are not
/// picked up. One virtual thread does all of it and runs `onChange`.
public final class FileWatch implements AutoCloseable {
    private final Path location;
    private final Duration settle;
    private final Duration poll;
    private final Runnable onChange;
    private final FolderEvents events = new FolderEvents();
    private volatile Map<Path, String> known = Map.of();
    private @Nullable Thread thread;

    /// @param location a file, or a folder in which files may come and go
    /// @param onChange told of a change; may take its time, and is expected to [observe][#observe] what it then
    ///     read
    public FileWatch(Path location, Duration settle, Duration poll, Runnable onChange) {
        this.location = location;
        this.settle = settle;
        this.poll = poll;
        this.onChange = onChange;
    }

    /// Begins to watch for what differs from what was last observed.
    public void start() {
        thread = Thread.ofVirtual().name("config-watch").start(this::run);
    }

    /// Takes these as the files to watch and the states they are known to have. From any thread.
    public void observe(Map<Path, String> states) {
        known = Map.copyOf(states);
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        events.close();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                events.follow(location, known.keySet());
                events.await(poll);
                Map<Path, String> seen = seen();
                if (!seen.equals(known)) {
                    events.worthIt();
                    observe(settled(seen));
                    onChange.run();
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException _) {
            // closed
        }
    }

    /// Looks until the content stays as it is for a while.
    private Map<Path, String> settled(Map<Path, String> first) throws InterruptedException {
        Map<Path, String> before = first;
        while (true) {
            Thread.sleep(settle);
            Map<Path, String> now = seen();
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    private Map<Path, String> seen() {
        Map<Path, String> states = new TreeMap<>();
        for (Path file : known.keySet()) {
            if (!file.startsWith(location) || file.equals(location) || Files.exists(file)) {
                states.put(file, FileState.of(file));
            }
        }
        if (!Files.isDirectory(location)) {
            states.computeIfAbsent(location, FileState::of);
            return states;
        }
        try (Stream<Path> entries = Files.list(location)) {
            entries.filter(FileWatch::isConfiguration).forEach(file -> states.computeIfAbsent(file, FileState::of));
        } catch (IOException _) {
            states.put(location, FileState.ABSENT);
        }
        return states;
    }

    private static boolean isConfiguration(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
    }
}
