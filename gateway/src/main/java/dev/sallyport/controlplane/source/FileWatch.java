package dev.sallyport.controlplane.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Notices that the content of files has changed, however it was changed: written in place, replaced by a rename, or
/// by swapping a symbolic link above them, as Kubernetes does with its volumes.
///
/// The operating system's events only make it look sooner; it also looks by itself every `poll`, and only content
/// counts. A change is told once the content has stayed the same for `settle`, so that half-written files are not
/// picked up. One virtual thread does all of it and runs `onChange`.
public final class FileWatch implements AutoCloseable {
    private static final WatchEvent.Kind<?>[] ANYTHING = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY
    };
    private static final int MAX_LINKS = 16;

    private final ConfigSource source;
    private final Runnable onChange;
    private final Duration settle;
    private final Duration poll;
    private final @Nullable WatchService events;
    private final Map<Path, WatchKey> folders = new HashMap<>();
    private volatile Set<Path> referenced = Set.of();
    private Map<Path, String> known;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /// @param source   what is watched, with the files it then [refers to][#observe]
    /// @param onChange told of a change; may take its time
    public FileWatch(ConfigSource source, Duration settle, Duration poll, Runnable onChange) {
        this.source = source;
        this.settle = settle;
        this.poll = poll;
        this.onChange = onChange;
        this.events = watchService();
        this.known = states();
    }

    /// Begins to watch for what differs from the content at construction.
    public void start() {
        thread = Thread.ofVirtual().name("config-watch").start(this::run);
    }

    /// Watches these files too, instead of those named before: certificates, keys, secrets that the configuration
    /// refers to. From any thread.
    public void observe(Collection<Path> files) {
        referenced = Set.copyOf(files);
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        if (events != null) {
            try {
                events.close();
            } catch (IOException _) {
                // nothing was promised to be kept
            }
        }
    }

    private void run() {
        try {
            while (!closed) {
                watchFolders();
                await(poll);
                Map<Path, String> seen = states();
                if (differs(seen)) {
                    known = settled(seen);
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
            Map<Path, String> now = states();
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    /// Whether a file changed, went, or came to those of the source. A file that is referred to since the last look was
    /// read by whoever named it, so it counts as known.
    private boolean differs(Map<Path, String> seen) {
        Set<Path> before = known.keySet();
        boolean changed = false;
        for (Map.Entry<Path, String> file : seen.entrySet()) {
            String old = known.get(file.getKey());
            changed |= old == null ? !referenced.contains(file.getKey()) : !old.equals(file.getValue());
        }
        for (Path file : before) {
            changed |= !seen.containsKey(file) && file.startsWith(source.path());
        }
        if (!changed) {
            known = seen;
        }
        return changed;
    }

    private Map<Path, String> states() {
        Map<Path, String> states = new TreeMap<>();
        try {
            for (Path file : source.files()) {
                states.put(file, FileState.of(file));
            }
        } catch (IOException _) {
            states.put(source.path(), FileState.ABSENT);
        }
        for (Path file : referenced) {
            states.computeIfAbsent(file, FileState::of);
        }
        return states;
    }

    /// Waits for an event, `longest` at most; then lets the events that come with it pass.
    private void await(Duration longest) throws InterruptedException {
        WatchService service = events;
        if (service == null) {
            Thread.sleep(longest);
            return;
        }
        WatchKey key = service.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = service.poll();
        }
    }

    /// Has the operating system tell of changes in every folder that the watched files are reached through.
    private void watchFolders() {
        WatchService service = events;
        if (service == null) {
            return;
        }
        Set<Path> wanted = new TreeSet<>();
        if (Files.isDirectory(source.path())) {
            wanted.add(source.path().toAbsolutePath());
        }
        for (Path file : known.keySet()) {
            addFolders(file.toAbsolutePath(), wanted);
        }
        for (Path file : referenced) {
            addFolders(file.toAbsolutePath(), wanted);
        }
        folders.entrySet().removeIf(folder -> {
            boolean obsolete =
                    !wanted.contains(folder.getKey()) || !folder.getValue().isValid();
            if (obsolete) {
                folder.getValue().cancel();
            }
            return obsolete;
        });
        for (Path folder : wanted) {
            try {
                if (!folders.containsKey(folder)) {
                    folders.put(folder, folder.register(service, ANYTHING));
                }
            } catch (IOException _) {
                // looked at by polling
            }
        }
    }

    /// The folder of `file`, and of what it points to, link by link.
    private static void addFolders(Path file, Set<Path> into) {
        Path at = file;
        for (int links = 0; links < MAX_LINKS; links++) {
            Path folder = at.getParent();
            if (folder == null) {
                return;
            }
            into.add(folder);
            try {
                if (!Files.isSymbolicLink(at)) {
                    into.add(folder.toRealPath());
                    return;
                }
                at = folder.resolve(Files.readSymbolicLink(at));
            } catch (IOException _) {
                return;
            }
        }
    }

    private static @Nullable WatchService watchService() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException _) {
            return null; // out of inotify instances, say: polling does it alone
        }
    }
}
