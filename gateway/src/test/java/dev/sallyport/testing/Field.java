package dev.sallyport.testing;

import java.util.List;
import java.util.Locale;

/// A header or trailer field as it was on the wire.
public record Field(String name, String value) {
    /// The values of every field called `name` (in any case), in order.
    static List<String> values(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /// The names in lower case, in order.
    static List<String> names(List<Field> fields) {
        return fields.stream().map(field -> field.name.toLowerCase(Locale.ROOT)).toList();
    }
}
