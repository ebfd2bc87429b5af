package dev.sallyport.extension.authz.opa;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authz.FieldText;
import dev.sallyport.extension.authz.Ruling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the answer of an Open Policy Agent: `{"result": true}` or `{"result": {"allow": true, …}}`. A decision that is
/// undefined is a denial; one of another type than bool is no decision (threat AZ-05).
@OffLoop("virtual threads of the questions")
final class OpaResult {
    private final String[] decision;

    /// @param decision where in a result that is an object the decision is, names with dots
    OpaResult(String decision) {
        this.decision = decision.split("\\.");
    }

    Ruling of(byte[] body) throws IOException {
        Map<String, @Nullable Object> members = StrictJson.object(body);
        if (members == null) {
            throw new IOException("an answer that is no JSON object");
        }
        Object result = members.get("result");
        if (result == null && !members.containsKey("result")) {
            return Ruling.deny(0, null);
        }
        return switch (result) {
            case Boolean allowed -> allowed ? Ruling.allow(List.of()) : Ruling.deny(0, null);
            case Map<?, ?> object -> ruling(object);
            case null, default -> throw new IOException("a result that is neither true, false nor an object");
        };
    }

    private Ruling ruling(Map<?, ?> result) throws IOException {
        Object found = result;
        for (String name : decision) {
            if (!(found instanceof Map<?, ?> map)) {
                throw new IOException("a result without a place for the decision");
            }
            found = map.get(name);
            if (found == null) {
                return Ruling.deny(0, reason(result));
            }
        }
        if (!(found instanceof Boolean allowed)) {
            throw new IOException("a decision that is neither true nor false");
        }
        return allowed ? Ruling.allow(fields(result)) : Ruling.deny(status(result), reason(result));
    }

    private static @Nullable String reason(Map<?, ?> result) {
        return result.get("reason") instanceof String reason ? reason : null;
    }

    private static int status(Map<?, ?> result) {
        return result.get("status") instanceof Long status && status >= 400 && status <= 599 ? status.intValue() : 0;
    }

    private static List<Ruling.Field> fields(Map<?, ?> result) throws IOException {
        Object headers = result.get("headers");
        if (headers == null) {
            return List.of();
        }
        if (!(headers instanceof Map<?, ?> map)) {
            throw new IOException("headers that are no object");
        }
        List<Ruling.Field> fields = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            switch (entry.getValue()) {
                case String value -> fields.add(FieldText.field(name, value));
                case List<?> values -> {
                    for (Object value : values) {
                        if (!(value instanceof String text)) {
                            throw new IOException("a header field that is no text");
                        }
                        fields.add(FieldText.field(name, text));
                    }
                }
                case null, default -> throw new IOException("a header field that is no text");
            }
        }
        return fields;
    }
}
