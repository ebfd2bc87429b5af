package dev.sallyport.api.http;

/// Status and fields of a response, as received and validated.
///
/// @param status 100 to 599
public record ResponseHead(int status, Headers headers, HttpVersion version) {
    /// Whether this is an interim response (1xx), with the final one still to come.
    public boolean interim() {
        return status < 200;
    }
}
