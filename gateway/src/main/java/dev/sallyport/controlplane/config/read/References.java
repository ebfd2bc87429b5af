package dev.sallyport.controlplane.config.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts values in the place of `${env:NAME}`, `${env:NAME:-default}` and `${file:path}`; `$${` stands for `${`.
final class References {
    private static final int MOST_OCTETS = 1 << 20;
    private static final String FORMS =
            "expected: ${env:NAME}, ${env:NAME:-default} or ${file:path}; $${ for ${ itself";

    private final @Nullable Function<String, @Nullable String> environment;
    private final @Nullable String standIn;
    private final Set<Path> files = new LinkedHashSet<>();

    /// A text with its references replaced.
    ///
    /// @param referring whether there were any
    record Expanded(String text, boolean referring) {}

    /// @param standIn the value of variables that have none, or null when that is wrong
    References(Function<String, @Nullable String> environment, @Nullable String standIn) {
        this.environment = environment;
        this.standIn = standIn;
    }

    private References() {
        this.environment = null;
        this.standIn = null;
    }

    /// For text that must not reach for files and variables: it stays what it is.
    static References none() {
        return new References();
    }

    /// Every file that was referred to.
    Set<Path> files() {
        return files;
    }

    /// @throws IllegalArgumentException with `message (hint)` when a reference cannot be followed
    Expanded expand(String text, Path folder) {
        int at = environment == null ? -1 : text.indexOf("${");
        if (at < 0) {
            return new Expanded(text, false);
        }
        StringBuilder out = new StringBuilder();
        boolean referring = false;
        int from = 0;
        while (at >= 0) {
            if (at > from && text.charAt(at - 1) == '$') {
                out.append(text, from, at - 1).append("${");
                from = at + 2;
            } else {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException(text + " (expected: a } after ${)");
                }
                out.append(text, from, at).append(value(text.substring(at, end + 1), folder));
                referring = true;
                from = end + 1;
            }
            at = text.indexOf("${", from);
        }
        out.append(text, from, text.length());
        return new Expanded(out.toString(), referring);
    }

    private String value(String reference, Path folder) {
        String inner = reference.substring(2, reference.length() - 1);
        if (inner.startsWith("env:")) {
            return variable(reference, inner.substring(4));
        }
        if (inner.startsWith("file:")) {
            return content(reference, inner.substring(5), folder);
        }
        throw new IllegalArgumentException(reference + " (" + FORMS + ")");
    }

    private String variable(String reference, String inner) {
        int split = inner.indexOf(":-");
        String name = split < 0 ? inner : inner.substring(0, split);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(reference + " (" + FORMS + ")");
        }
        String value = Objects.requireNonNull(environment).apply(name);
        if (split >= 0 && (value == null || value.isEmpty())) {
            return inner.substring(split + 2);
        }
        if (value == null && standIn != null) {
            return standIn;
        }
        if (value == null) {
            throw new IllegalArgumentException(
                    "environment variable " + name + " is not set (expected: set, or ${env:" + name + ":-default})");
        }
        return value;
    }

    private String content(String reference, String name, Path folder) {
        Path path;
        try {
            path = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(reference + " (expected: the path of a file)", e);
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(reference + " (expected: the path of a file)");
        }
        files.add(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_OCTETS + 1);
            if (bytes.length > MOST_OCTETS) {
                throw new IllegalArgumentException(reference + ": too large (expected: at most 1MiB)");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // editors end files with a newline that is not part of the secret
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(reference + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    reference + ": cannot be read: " + ConfigText.reason(e) + " (looked for " + path + ")", e);
        }
    }
}
