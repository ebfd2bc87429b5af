package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.Mark;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where each value of a configuration stands, and how values that are not what is written were written.
public final class Places {
    private final Map<String, Mark> marks = new LinkedHashMap<>();
    private final Map<String, Written> written = new LinkedHashMap<>();

    private final Map<String, ScalarSource> sources = new LinkedHashMap<>();

    private record Written(String text, String value) {}

    Places() {}

    void put(String path, Mark at) {
        marks.put(path, at);
    }

    void putWritten(String path, String text, String value) {
        written.put(path, new Written(text, value));
    }

    void putSource(String path, ScalarSource source) {
        sources.put(path, source);
    }

    /// Where the character `offset` of the text at `path` stands; for text that comes from elsewhere, where that is
    /// referred to.
    public Mark within(String path, int offset, Mark otherwise) {
        ScalarSource source = sources.get(path);
        return source == null || written.containsKey(path) ? at(path, otherwise) : source.at(offset);
    }

    /// Whether there is a value, right or wrong, at `path`.
    public boolean contains(String path) {
        return marks.containsKey(path);
    }

    /// Whether there is a value, right or wrong, somewhere below `path`.
    public boolean containsBelow(String path) {
        String prefix = path + ".";
        return marks.keySet().stream().anyMatch(known -> known.startsWith(prefix));
    }

    /// Where the value at `path` stands, or the nearest value that holds it, or `otherwise`.
    public Mark at(String path, Mark otherwise) {
        String holder = path;
        while (!holder.isEmpty()) {
            Mark at = marks.get(holder);
            if (at != null) {
                return at;
            }
            holder = holder.substring(0, Math.max(0, Math.max(holder.lastIndexOf('.'), holder.lastIndexOf('['))));
        }
        return otherwise;
    }

    /// What is written at `path` where it refers to something else; null where the value is what is written.
    public @Nullable String written(String path) {
        Written found = written.get(path);
        return found == null ? null : found.text;
    }

    /// `message` with everything that came from references at or below `path` put back to how it was written.
    public String masked(String path, String message) {
        String result = message;
        for (Map.Entry<String, Written> entry : written.entrySet()) {
            String value = entry.getValue().value;
            if (entry.getKey().startsWith(path) && !value.isEmpty()) {
                result = result.replace(value, entry.getValue().text);
            }
        }
        return result;
    }
}
