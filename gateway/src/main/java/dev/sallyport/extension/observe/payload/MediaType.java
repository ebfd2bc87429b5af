package dev.sallyport.extension.observe.payload;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import java.util.Locale;

/// What a body calls itself (RFC 9110 §8.3.1), as far as it matters for showing it.
///
/// @param text type and subtype in lower case, without parameters; empty when it says none, or several
record MediaType(String text, Kind kind) {
    private static final int LONGEST = 100;
    private static final String CHARSET = "charset=";
    private static final MediaType NONE = new MediaType("", Kind.OTHER);

    /// How it is shown.
    enum Kind {
        JSON,
        TEXT,
        /// Not at all.
        OTHER
    }

    static MediaType of(Headers headers) {
        int found = headers.indexOf(FieldName.CONTENT_TYPE);
        if (found < 0 || headers.indexOf(FieldName.CONTENT_TYPE, found + 1) >= 0) {
            return NONE;
        }
        String value = headers.value(found).toLowerCase(Locale.ROOT);
        int end = value.indexOf(';');
        String text = (end < 0 ? value : value.substring(0, end)).strip();
        if (text.length() > LONGEST) {
            return NONE;
        }
        Kind kind = kind(text);
        return new MediaType(text, end < 0 || readable(value, end) ? kind : Kind.OTHER);
    }

    private static Kind kind(String text) {
        return switch (text) {
            case "application/json", "application/x-ndjson", "text/json" -> Kind.JSON;
            case "application/x-www-form-urlencoded", "text/plain", "text/event-stream" -> Kind.TEXT;
            default -> text.startsWith("application/") && text.endsWith("+json") ? Kind.JSON : Kind.OTHER;
        };
    }

    /// Whether its characters, as far as they are said, are those in which names of secrets are looked for.
    private static boolean readable(String value, int from) {
        int at = value.indexOf(CHARSET, from);
        if (at < 0) {
            return true;
        }
        String charset = value.substring(at + CHARSET.length());
        int end = charset.indexOf(';');
        charset = (end < 0 ? charset : charset.substring(0, end)).strip().replace("\"", "");
        return charset.equals("utf-8")
                || charset.equals("utf8")
                || charset.equals("us-ascii")
                || charset.equals("iso-8859-1");
    }
}
