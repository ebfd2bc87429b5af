package dev.sallyport.api.http;

/// Why a request cannot be understood: the status it is answered with, and the stable code that log, metric and
/// problem body share. The connection is closed after each of them.
public enum RequestFault {
    REQUEST_LINE(400, "request-line-invalid", "The request line is not method, target and HTTP/1.1."),
    VERSION(505, "http-version-unsupported", "This gateway speaks HTTP/1.1 and HTTP/2."),
    METHOD(501, "method-unknown", "The request method is not known here."),
    TARGET(400, "target-invalid", "The request target is not valid."),
    PATH(400, "path-invalid", "The path holds characters or sequences that are refused."),
    AUTHORITY(400, "authority-invalid", "Host or authority is missing, repeated, contradictory or invalid."),
    FIELD(400, "header-invalid", "A header field breaks the grammar."),
    FIELD_REPEATED(400, "header-repeated", "A header field that may occur once only is repeated."),
    FRAMING(400, "framing-invalid", "Content-Length or Transfer-Encoding is invalid, repeated or contradictory."),
    TRANSFER_CODING(501, "transfer-coding-unknown", "The only transfer coding known here is chunked."),
    CHUNK(400, "chunk-invalid", "The chunked body breaks the grammar."),
    EXPECTATION(417, "expectation-unknown", "The only expectation known here is 100-continue."),
    CONNECT(405, "connect-refused", "This gateway opens no tunnels."),
    TARGET_TOO_LONG(414, "target-too-long", "The request target is longer than this listener allows."),
    HEAD_TOO_LARGE(431, "head-too-large", "The header section is larger than this listener allows."),
    TOO_MANY_FIELDS(431, "too-many-headers", "There are more header fields than this listener allows."),
    BODY_TOO_LARGE(413, "body-too-large", "The body is larger than this listener allows."),
    HEAD_TIMEOUT(408, "head-timeout", "The request head did not arrive in time."),
    BODY_TIMEOUT(408, "body-timeout", "The request body did not arrive in time.");

    private final int status;
    private final String code;
    private final String detail;

    RequestFault(int status, String code, String detail) {
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /// A few words for people, by status.
    public String title() {
        return switch (status) {
            case 405 -> "Method not allowed";
            case 408 -> "Request timeout";
            case 413 -> "Content too large";
            case 414 -> "URI too long";
            case 417 -> "Expectation failed";
            case 431 -> "Header fields too large";
            case 501 -> "Not implemented";
            case 505 -> "Version not supported";
            default -> "Bad request";
        };
    }

    public String detail() {
        return detail;
    }
}
