package dev.sallyport.api.plugin;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where something is found: at an `http` or `https` URL, or in a file, written relative to the file that says so. One
/// of the two is null.
public record UrlOrFile(@Nullable URI url, @Nullable Path file) {
    public UrlOrFile {
        if ((url == null) == (file == null)) {
            throw new IllegalArgumentException("url and file: both or neither (expected: one of them)");
        }
    }

    @Override
    public String toString() {
        return url == null ? String.valueOf(file) : url.toString();
    }
}
