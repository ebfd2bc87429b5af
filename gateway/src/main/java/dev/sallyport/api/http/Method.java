package dev.sallyport.api.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A request method this gateway knows (RFC 9110 §9). Methods are case-sensitive; any other is answered 501.
public enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OPTIONS,
    TRACE,
    CONNECT;

    @SuppressWarnings("ImmutableEnumChecker") // shared read-only
    private final byte[] bytes = name().getBytes(StandardCharsets.US_ASCII);

    /// The method spelled by `bytes[start, end)`, or null when it is not one of ours.
    public static @Nullable Method of(byte[] bytes, int start, int end) {
        return switch (end - start) {
            case 3 -> matching(bytes, start, GET, PUT);
            case 4 -> matching(bytes, start, POST, HEAD);
            case 5 -> matching(bytes, start, PATCH, TRACE);
            case 6 -> matching(bytes, start, DELETE, DELETE);
            case 7 -> matching(bytes, start, OPTIONS, CONNECT);
            default -> null;
        };
    }

    private static @Nullable Method matching(byte[] bytes, int start, Method first, Method second) {
        return first.spelled(bytes, start) ? first : second.spelled(bytes, start) ? second : null;
    }

    private boolean spelled(byte[] source, int start) {
        for (int i = 0; i < bytes.length; i++) {
            if (source[start + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /// Whether repeating the request has the effect of sending it once (RFC 9110 §9.2.2).
    public boolean idempotent() {
        return this != POST && this != PATCH && this != CONNECT;
    }

    /// Whether the method only reads (RFC 9110 §9.2.1).
    public boolean safe() {
        return this == GET || this == HEAD || this == OPTIONS || this == TRACE;
    }

    /// The ASCII spelling, shared: must not be modified.
    public byte[] bytes() {
        return bytes;
    }
}
