package dev.sallyport.extension.authz;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy server decided.
///
/// @param allowed whether the caller may
/// @param status  with a denial, what the client is to be told; 0 for what is usual
/// @param reason  why, in words for the caller; or null
/// @param fields  header fields for the upstream
public record Ruling(boolean allowed, int status, @Nullable String reason, List<Field> fields) {
    public Ruling {
        fields = List.copyOf(fields);
    }

    /// A header field.
    public record Field(String name, String value) {}

    public static Ruling allow(List<Field> fields) {
        return new Ruling(true, 0, null, fields);
    }

    public static Ruling deny(int status, @Nullable String reason) {
        return new Ruling(false, status, reason, List.of());
    }
}
