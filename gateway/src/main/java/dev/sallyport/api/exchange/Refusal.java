package dev.sallyport.api.exchange;

import dev.sallyport.api.http.Headers;
import org.jspecify.annotations.Nullable;

/// Why a request is not served: a constant with a stable reason code that log, metric and problem body share.
///
/// @param status  the HTTP status, 400 to 599
/// @param code    kebab-case and stable: users match on it
/// @param title   a few words for people
/// @param detail  one sentence that helps the caller and reveals nothing of the inside
/// @param headers fields the status requires (`Allow`, `Retry-After`, `WWW-Authenticate`)
/// @param told    the code the caller is told: the same, unless several reasons must look alike
/// @param problem what problem details say besides, null for nothing
public record Refusal(
        int status,
        String code,
        String title,
        String detail,
        Headers headers,
        String told,
        @Nullable Problem problem) {
    /// What a registered type of problem details has of its own.
    ///
    /// @param type    its URI
    /// @param members more members as JSON, each with a comma before it
    public record Problem(String type, String members) {}

    public Refusal {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
        }
    }

    public Refusal(int status, String code, String title, String detail, Headers headers, String told) {
        this(status, code, title, detail, headers, told, null);
    }

    public Refusal(int status, String code, String title, String detail, Headers headers) {
        this(status, code, title, detail, headers, code);
    }

    public static Refusal of(int status, String code, String title, String detail) {
        return new Refusal(status, code, title, detail, Headers.EMPTY);
    }

    public Refusal with(Headers fields) {
        return new Refusal(status, code, title, detail, fields, told, problem);
    }

    /// The same to the caller, but for another reason in log and metrics (threat AK-07).
    public Refusal because(String reason) {
        return new Refusal(status, reason, title, detail, headers, told, problem);
    }
}
