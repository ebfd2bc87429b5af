package dev.sallyport.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One line of the access log, parsed.
///
/// @param text   as written
/// @param fields scalar fields by name, as text
public record LogLine(String text, Map<String, String> fields) {
    private static final JsonFactory JSON = new JsonFactory();

    /// Parses a line; fails when it is not one flat JSON object.
    public static LogLine parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new AssertionError("not a JSON object: " + Octets.visible(line));
            }
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                JsonToken value = json.nextToken();
                if (value.isScalarValue()) {
                    if (fields.put(name, json.getString()) != null) {
                        throw new AssertionError("the field " + name + " twice: " + Octets.visible(line));
                    }
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new AssertionError("more than one JSON object: " + Octets.visible(line));
            }
        }
        return new LogLine(line, fields);
    }

    /// The value of the field called `name`, or the empty string.
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
