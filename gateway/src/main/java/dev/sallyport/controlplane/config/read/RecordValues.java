package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.PluginUse;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The values of configuration records by the keys that users write, for whoever does not know the record's class.
public final class RecordValues {
    private RecordValues() {}

    /// The value of `key`, null where it is left out.
    ///
    /// @throws IllegalArgumentException when the record has no such key
    public static @Nullable Object of(Record record, String key) {
        Key found = RecordKeys.of(record.getClass()).find(key);
        if (found == null) {
            throw new IllegalArgumentException(
                    key + " (expected: a key of " + record.getClass().getSimpleName() + ")");
        }
        return found.valueIn(record);
    }

    /// Tells `visitor` of each single value in `record`, at whatever depth, with its path.
    public static void each(Record record, String path, BiConsumer<String, Object> visitor) {
        for (Key key : RecordKeys.of(record.getClass()).keys()) {
            Object value = key.valueIn(record);
            if (value != null) {
                visit(value, key.openEnded() ? path : Binder.join(path, key.name()), visitor);
            }
        }
    }

    private static void visit(@Nullable Object value, String path, BiConsumer<String, Object> visitor) {
        switch (value) {
            case null -> {}
            case PluginUse use ->
                each(use.config(), use.kindKey().isEmpty() ? Binder.join(path, use.kind()) : path, visitor);
            case Record record
            when !Scalars.isValue(record.getClass()) -> {
                Key itself = RecordKeys.of(record.getClass()).mapItself();
                if (itself == null) {
                    each(record, path, visitor);
                } else {
                    visit(itself.valueIn(record), path, visitor);
                }
            }
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    visit(list.get(i), path + "[" + i + "]", visitor);
                }
            }
            case Map<?, ?> map ->
                map.forEach((name, inner) -> {
                    // what stands under the kind of a plugin has it in its path already
                    boolean plugin =
                            inner instanceof PluginUse use && use.kindKey().isEmpty();
                    visit(inner, plugin ? path : Binder.join(path, (String) name), visitor);
                });
            default -> visitor.accept(path, value);
        }
    }
}
