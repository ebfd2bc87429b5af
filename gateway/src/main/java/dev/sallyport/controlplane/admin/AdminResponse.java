package dev.sallyport.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer of the admin listener.
///
/// @param headers besides `Content-Type` and those every answer has
/// @param reason  the stable code of an error, or null
/// @param stream  what writes the body, in place of `body`; or null
@SuppressWarnings("ArrayRecordComponent") // written once, compared nowhere
public record AdminResponse(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        @Nullable String reason,
        @Nullable AdminStream stream) {
    public AdminResponse {
        headers = Map.copyOf(headers);
    }

    /// An answer that is no error.
    public AdminResponse(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, null, null);
    }

    /// Events that are sent as they happen.
    public static AdminResponse events(AdminStream stream) {
        return new AdminResponse(200, "text/event-stream", new byte[0], Map.of(), null, stream);
    }

    public static AdminResponse json(int status, Json json) {
        return new AdminResponse(status, "application/json", json.bytes(), Map.of());
    }

    public static AdminResponse text(int status, String text) {
        return new AdminResponse(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /// An error as RFC 9457 has it.
    public static AdminResponse problem(int status, String code, String title, String detail) {
        return problem(status, Json.problem(status, code, title, detail));
    }

    /// An error as RFC 9457 has it, with members of its own.
    public static AdminResponse problem(int status, Json problem) {
        return new AdminResponse(
                status, "application/problem+json", problem.bytes(), Map.of(), problem.text("reason"), null);
    }

    /// The same with one more header field.
    public AdminResponse with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new AdminResponse(status, contentType, body, more, reason, stream);
    }
}
