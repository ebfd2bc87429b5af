package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// A configuration as it was found: one file, or the files of a folder, read whole.
///
/// @param problems with finding and reading the files
public record ConfigText(List<ConfigFile> files, List<ConfigProblem> problems) {
    private static final int MOST_FILES = 1000;

    public ConfigText {
        files = List.copyOf(files);
        problems = List.copyOf(problems);
    }

    /// Reads a file, or the `.yaml` and `.yml` files of a folder in the order of their names; hidden ones and
    /// folders in it are passed over. What cannot be read is among the problems.
    public static ConfigText read(Path location) {
        List<ConfigFile> files = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>();
        try {
            if (!Files.isDirectory(location)) {
                readFile(location, files, problems);
                return new ConfigText(files, problems);
            }
            List<Path> paths = yamlFiles(location);
            if (paths.isEmpty() || paths.size() > MOST_FILES) {
                problems.add(ConfigProblem.error(
                        Mark.of(location.toString()),
                        "",
                        paths.size() + " configuration files in this folder",
                        "expected: 1 to " + MOST_FILES + " files that end in .yaml or .yml"));
                return new ConfigText(files, problems);
            }
            for (Path path : paths) {
                readFile(path, files, problems);
            }
        } catch (IOException e) {
            problems.add(ConfigProblem.error(Mark.of(location.toString()), "", "cannot be read: " + reason(e), ""));
        }
        return new ConfigText(files, problems);
    }

    /// A configuration that did not come from a file.
    public static ConfigText of(String name, Path folder, String text) {
        return new ConfigText(List.of(new ConfigFile(name, folder, text.getBytes(StandardCharsets.UTF_8))), List.of());
    }

    /// The files of a folder that [#read] reads.
    public static List<Path> yamlFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> {
                        String name = String.valueOf(path.getFileName());
                        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
                    })
                    .filter(path -> !Files.isDirectory(path))
                    .sorted()
                    .toList();
        }
    }

    /// A short digest of names and contents, the same for the same text.
    public String digest() {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
        for (ConfigFile file : files) {
            sha256.update(file.name().getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            sha256.update(file.bytes());
            sha256.update((byte) 0);
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 6);
    }

    private static void readFile(Path path, List<ConfigFile> files, List<ConfigProblem> problems) {
        Path parent = path.toAbsolutePath().getParent();
        Path folder = parent == null ? path.toAbsolutePath() : parent;
        // a size is not asked for first: it may change, and is 0 for pipes
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(YamlReader.MOST_OCTETS + 1);
            if (bytes.length > YamlReader.MOST_OCTETS) {
                problems.add(ConfigProblem.error(
                        Mark.of(path.toString()),
                        "",
                        "too large",
                        "expected: at most " + (YamlReader.MOST_OCTETS >> 20) + "MiB"));
            } else {
                files.add(new ConfigFile(path.toString(), folder, bytes));
            }
        } catch (IOException e) {
            problems.add(ConfigProblem.error(Mark.of(path.toString()), "", "cannot be read: " + reason(e), ""));
        }
    }

    /// Why a file cannot be read, in words.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
