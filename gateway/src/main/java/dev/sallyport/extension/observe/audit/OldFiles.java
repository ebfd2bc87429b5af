package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files that an audit log filled before: `NAME.FIRST-LAST`, with the numbers of their lines.
@OffLoop("the thread of the audit log, and commands")
final class OldFiles {
    private static final Pattern NAME = Pattern.compile("(.+)\\.(\\d{1,18})-(\\d{1,18})");

    private OldFiles() {}

    /// One of them.
    record Old(Path path, long first, long last) {}

    /// What the file `file` is called from now on that it is full.
    static Path name(Path file, long first, long last) {
        return file.resolveSibling(file.getFileName() + "." + first + "-" + last);
    }

    /// The name of the log that `path` is or was a file of.
    static Path log(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches() ? path.resolveSibling(name.group(1)) : path;
    }

    /// Those of the log `file`, the oldest first.
    static List<Old> of(Path file) throws IOException {
        List<Old> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder(file))) {
            for (Path path : all.toList()) {
                Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
                if (name.matches() && name.group(1).equals(String.valueOf(file.getFileName()))) {
                    found.add(new Old(path, Long.parseLong(name.group(2)), Long.parseLong(name.group(3))));
                }
            }
        }
        found.sort(Comparator.comparingLong(Old::last));
        return found;
    }

    /// The youngest of the log `file`, or null.
    static @Nullable Old youngest(Path file) throws IOException {
        List<Old> all = of(file);
        return all.isEmpty() ? null : all.getLast();
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file.toAbsolutePath() : folder;
    }
}
