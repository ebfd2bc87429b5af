package dev.sallyport.controlplane.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of configuration, or a folder whose YAML files together are one.
public final class ConfigSource {
    /// More than this is no configuration anybody wrote.
    static final long MAX_FILE_BYTES = 64L << 20;

    private final Path path;

    public ConfigSource(Path path) {
        this.path = path;
    }

    /// The file or folder, as given.
    public Path path() {
        return path;
    }

    /// Every file of the configuration as it is now, in the order of their names.
    ///
    /// @throws IOException a file is missing, unreadable, too large or not UTF-8; the message says which and why
    public List<ConfigFile> read() throws IOException {
        List<ConfigFile> files = new ArrayList<>();
        for (Path file : files()) {
            files.add(new ConfigFile(file, text(file)));
        }
        return files;
    }

    /// The files that make up the configuration now. Hidden ones (and so the `..data` of a Kubernetes volume) are left
    /// out of a folder.
    public List<Path> files() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "[!.]*.{yaml,yml}")) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        }
        if (files.isEmpty()) {
            throw new NoSuchFileException(path.toString(), null, "no *.yaml or *.yml file in this folder");
        }
        files.sort(null);
        return files;
    }

    private static String text(Path file) throws IOException {
        byte[] content = bytes(file);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw withCause(new FileSystemException(file.toString(), null, "not UTF-8 text"), e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new FileSystemException(file.toString(), null, "larger than 64 MiB");
        }
        return Files.readAllBytes(file);
    }

    private static IOException withCause(IOException problem, Throwable cause) {
        problem.initCause(cause);
        return problem;
    }
}
