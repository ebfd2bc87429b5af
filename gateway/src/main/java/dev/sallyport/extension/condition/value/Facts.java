package dev.sallyport.extension.condition.value;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.StructValue;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something with named fields of fixed types; a field may have no value. Lives as long as one evaluation.
@Immutable
@SuppressWarnings("Immutable") // views of an exchange, used and forgotten on its loop
abstract class Facts extends StructValue<String, Object> {
    private final StructType type;

    Facts(StructType type) {
        this.type = type;
    }

    /// The value of the field `name`, or null for none.
    abstract @Nullable Object field(String name);

    static StructType type(String name, Map<String, CelType> fields) {
        return StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
    }

    @Override
    public Object select(String name) {
        Object value = field(name);
        if (value == null) {
            throw new NoValue(type.name().toLowerCase(Locale.ROOT) + "." + name + " has no value");
        }
        return value;
    }

    @Override
    public Optional<?> find(String name) {
        return Optional.ofNullable(field(name));
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return false;
    }

    @Override
    public CelType celType() {
        return type;
    }
}
