package dev.sallyport.controlplane.config.read;

import dev.sallyport.api.plugin.UrlOrFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files that a record of the configuration names, at whatever depth, besides those that are watched by whoever
/// uses them.
public final class RecordFiles {
    private RecordFiles() {}

    /// Files by the path of the key that names them; `path` is that of `record`.
    public static Map<String, Path> of(Record record, String path) {
        Map<String, Path> files = new LinkedHashMap<>();
        find(record, path, files);
        return files;
    }

    private static void find(@Nullable Object value, String path, Map<String, Path> files) {
        switch (value) {
            case Path file -> files.put(path, file);
            case UrlOrFile either -> find(either.file(), path, files);
            case Record record -> {
                for (Key key : RecordKeys.of(record.getClass()).keys()) {
                    if (!key.watched()) {
                        find(key.valueIn(record), Binder.join(path, key.name()), files);
                    }
                }
            }
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    find(list.get(i), path + "[" + i + "]", files);
                }
            }
            case Map<?, ?> map -> map.forEach((name, inner) -> find(inner, Binder.join(path, (String) name), files));
            case null, default -> {}
        }
    }
}
