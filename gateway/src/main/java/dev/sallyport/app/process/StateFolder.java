package dev.sallyport.app.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where running gateways leave word of themselves, for commands of the same user on the same machine: one file
/// per process, readable by nobody else.
public final class StateFolder {
    private static final int LINES = 3;

    private final Path folder;

    /// What a running gateway says of itself.
    ///
    /// @param pid    of its process
    /// @param admin  the URL of its admin listener
    /// @param token  that the admin listener wants
    /// @param config its configuration file or folder
    public record Running(long pid, String admin, String token, String config) {
        @Override
        public String toString() {
            return "pid " + pid + "  " + admin + "  " + config;
        }
    }

    StateFolder(Path folder) {
        this.folder = folder;
    }

    /// The folder of this user.
    public static StateFolder of(Function<String, @Nullable String> environment) {
        String set = environment.apply("SALLYPORT_STATE_DIR");
        if (set != null && !set.isEmpty()) {
            return new StateFolder(Path.of(set));
        }
        String runtime = environment.apply("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            return new StateFolder(Path.of(runtime, "sallyport"));
        }
        return new StateFolder(Path.of(System.getProperty("user.home"), ".local", "state", "sallyport"));
    }

    /// Leaves word of `running`; its file, to be removed at the end.
    public Path write(Running running) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, onlyOwner("rwx------"));
        }
        Path file = file(running.pid());
        Files.deleteIfExists(file);
        Files.createFile(file, onlyOwner("rw-------"));
        String text = running.admin() + "\n" + running.token() + "\n" + running.config() + "\n";
        return Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    /// Every gateway of this user that runs now.
    public List<Running> running() {
        List<Running> running = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                Running one = read(file);
                if (one != null) {
                    running.add(one);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return running;
    }

    private static @Nullable Running read(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.matches("\\d{1,10}\\.admin")) {
            return null;
        }
        long pid = Long.parseLong(name.substring(0, name.indexOf('.')));
        if (ProcessHandle.of(pid).isEmpty()) {
            return null; // what a process that was killed left behind
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return lines.size() < LINES ? null : new Running(pid, lines.get(0), lines.get(1), lines.get(2));
        } catch (IOException _) {
            return null; // just going
        }
    }

    private Path file(long pid) {
        return folder.resolve(pid + ".admin");
    }

    private static FileAttribute<?>[] onlyOwner(String permissions) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
