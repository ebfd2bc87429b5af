package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A header field that must be there, or be there once only with one exact value. A repeated field never equals a
/// value,
/// because each reader would choose another of its lines.
final class HeaderCondition {
    private final String name;
    private final byte @Nullable [] value;

    HeaderCondition(FieldMatch match) {
        name = match.name();
        String wanted = match.value();
        value = wanted == null ? null : wanted.getBytes(StandardCharsets.UTF_8);
    }

    boolean holds(Headers headers) {
        int index = headers.indexOf(name, 0);
        if (index < 0 || value == null) {
            return index >= 0;
        }
        return Arrays.equals(
                        headers.bytes(), headers.valueStart(index), headers.valueEnd(index), value, 0, value.length)
                && headers.indexOf(name, index + 1) < 0;
    }
}
