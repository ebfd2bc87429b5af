package dev.sallyport.app.explain;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The caller that a question describes.
final class AssumedCaller {
    private static final String UNNAMED = "somebody";

    private AssumedCaller() {}

    /// The principal, as if `authenticator` of `kind` had proven it.
    static Principal of(Question question, String authenticator, String kind) throws QuestionException {
        Map<String, Object> claims = new LinkedHashMap<>();
        if (question.scope() != null) {
            claims.put("scope", question.scope());
        }
        for (String claim : question.claims()) {
            int sign = claim.indexOf('=');
            if (sign < 1) {
                throw new QuestionException(
                        "claim: " + claim + " (expected: NAME=VALUE, such as groups=[\"a\",\"b\"])");
            }
            put(claims, claim.substring(0, sign), value(claim.substring(sign + 1)), claim);
        }
        try {
            return new Principal(
                    question.caller() == null ? UNNAMED : question.caller(),
                    authenticator,
                    question.tenant(),
                    new LinkedHashSet<>(question.roles()),
                    Claims.of(claims),
                    Credential.of(kind));
        } catch (IllegalArgumentException e) {
            throw new QuestionException("caller: " + e.getMessage());
        }
    }

    /// JSON where it is, else text.
    private static @Nullable Object value(String text) {
        byte[] object = ("{\"value\":" + text + "}").getBytes(StandardCharsets.UTF_8);
        Map<String, @Nullable Object> read = StrictJson.object(object);
        return read != null && read.size() == 1 && read.containsKey("value") ? read.get("value") : text;
    }

    @SuppressWarnings("unchecked") // maps in it are those put here, or read as JSON
    private static void put(Map<String, Object> claims, String name, @Nullable Object value, String claim)
            throws QuestionException {
        if (value == null) {
            return;
        }
        int dot = name.contains("://") ? -1 : name.indexOf('.');
        if (dot < 0) {
            claims.put(name, value);
            return;
        }
        String first = name.substring(0, dot);
        Object inner = claims.computeIfAbsent(first, _ -> new LinkedHashMap<String, Object>());
        if (!(inner instanceof Map<?, ?>)) {
            throw new QuestionException("claim: " + claim + " (expected: another name, " + first + " is a value)");
        }
        Map<String, Object> copy = new LinkedHashMap<>((Map<String, Object>) inner);
        put(copy, name.substring(dot + 1), value, claim);
        claims.put(Objects.requireNonNull(first), copy);
    }
}
