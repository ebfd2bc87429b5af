package dev.sallyport.testing;

import dev.sallyport.api.json.StrictJson;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks values against a JSON Schema (draft 7), with the keywords that the schema of SARIF has; any other keyword is
/// an error, so that none is passed over in silence.
public final class JsonSchemaCheck {
    private final Map<?, ?> root;
    private final List<String> problems = new ArrayList<>();

    private JsonSchemaCheck(Map<?, ?> root) {
        this.root = root;
    }

    /// What of `value` is not as `schema` wants it, each with its place.
    public static List<String> problems(byte[] schema, @Nullable Object value) {
        JsonSchemaCheck check = new JsonSchemaCheck(Objects.requireNonNull(StrictJson.object(schema)));
        check.check("$", check.root, value);
        return check.problems;
    }

    private void check(String at, Map<?, ?> schema, @Nullable Object value) {
        if (schema.get("$ref") instanceof String reference) {
            Map<?, ?> definitions = (Map<?, ?>) Objects.requireNonNull(root.get("definitions"));
            String name = reference.substring("#/definitions/".length());
            check(at, (Map<?, ?>) Objects.requireNonNull(definitions.get(name), reference), value);
            return;
        }
        schema.forEach((keyword, wanted) -> keyword(at, schema, String.valueOf(keyword), wanted, value));
    }

    private void keyword(String at, Map<?, ?> schema, String keyword, @Nullable Object wanted, @Nullable Object value) {
        boolean good = switch (keyword) {
            case "$schema", "$id", "title", "description", "default", "definitions", "items" -> true;
            case "type" -> isOf(wanted, value);
            case "enum" -> ((List<?>) Objects.requireNonNull(wanted)).contains(value);
            case "pattern" ->
                !(value instanceof String text)
                        || Pattern.compile((String) Objects.requireNonNull(wanted))
                                .matcher(text)
                                .find();
            case "format" -> !(value instanceof String text) || hasFormat(String.valueOf(wanted), text);
            case "minimum" -> !(value instanceof Number number) || number.doubleValue() >= number(wanted);
            case "maximum" -> !(value instanceof Number number) || number.doubleValue() <= number(wanted);
            case "minItems" -> !(value instanceof List<?> list) || list.size() >= number(wanted);
            case "uniqueItems" ->
                Boolean.FALSE.equals(wanted)
                        || !(value instanceof List<?> list)
                        || new HashSet<>(list).size() == list.size();
            case "required" ->
                !(value instanceof Map<?, ?> map) || map.keySet().containsAll((List<?>) Objects.requireNonNull(wanted));
            case "anyOf" -> matching(at, wanted, value) >= 1;
            case "oneOf" -> matching(at, wanted, value) == 1;
            case "properties", "additionalProperties" -> {
                properties(at, keyword, schema, value);
                yield true;
            }
            default -> throw new AssertionError(keyword + ": a keyword that is not checked");
        };
        if (!good) {
            problems.add(at + ": " + keyword + " " + wanted);
        }
        if (keyword.equals("items") && value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                check(at + "[" + i + "]", (Map<?, ?>) Objects.requireNonNull(wanted), list.get(i));
            }
        }
    }

    private void properties(String at, String keyword, Map<?, ?> schema, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return;
        }
        Map<?, ?> known = schema.get("properties") instanceof Map<?, ?> properties ? properties : Map.of();
        map.forEach((name, member) -> {
            String below = at + "." + name;
            if (keyword.equals("properties")) {
                if (known.get(name) instanceof Map<?, ?> wanted) {
                    check(below, wanted, member);
                }
            } else if (!known.containsKey(name)) {
                if (schema.get(keyword) instanceof Map<?, ?> others) {
                    check(below, others, member);
                } else if (Boolean.FALSE.equals(schema.get(keyword))) {
                    problems.add(below + ": unknown");
                }
            }
        });
    }

    private long matching(String at, @Nullable Object wanted, @Nullable Object value) {
        return ((List<?>) Objects.requireNonNull(wanted))
                .stream()
                        .filter(one -> {
                            JsonSchemaCheck check = new JsonSchemaCheck(root);
                            check.check(at, (Map<?, ?>) Objects.requireNonNull(one), value);
                            return check.problems.isEmpty();
                        })
                        .count();
    }

    private static double number(@Nullable Object wanted) {
        return ((Number) Objects.requireNonNull(wanted)).doubleValue();
    }

    private static boolean isOf(@Nullable Object type, @Nullable Object value) {
        Set<?> types = type instanceof List<?> list ? Set.copyOf(list) : Set.of(String.valueOf(type));
        return types.contains(
                        switch (value) {
                            case null -> "null";
                            case String _ -> "string";
                            case Boolean _ -> "boolean";
                            case Long _ -> "integer";
                            case Number _ -> "number";
                            case List<?> _ -> "array";
                            case Map<?, ?> _ -> "object";
                            default -> throw new AssertionError(value.getClass());
                        })
                || (types.contains("number") && value instanceof Number);
    }

    private static boolean hasFormat(String format, String text) {
        try {
            return switch (format) {
                case "uri" -> new URI(text).isAbsolute();
                case "uri-reference" -> new URI(text).toString().equals(text);
                case "date-time" -> java.time.OffsetDateTime.parse(text) != null;
                default -> throw new AssertionError(format + ": a format that is not checked");
            };
        } catch (URISyntaxException | java.time.format.DateTimeParseException e) {
            return false;
        }
    }
}
