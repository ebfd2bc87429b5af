package dev.sallyport.testing;

import java.util.List;

/// A complete response as a client read it.
///
/// @param interim  statuses of the 1xx heads before it
/// @param chunked  whether the body came in chunks
/// @param closed   whether the body was ended by the end of the connection
/// @param trailers after a chunked body
public record Response(
        int status,
        List<Field> fields,
        String body,
        List<Integer> interim,
        boolean chunked,
        boolean closed,
        List<Field> trailers) {
    /// The values of the fields called `name`, in order.
    public List<String> values(String name) {
        return Field.values(fields, name);
    }

    /// The value of the one field called `name`; fails when there is none or more than one.
    public String value(String name) {
        return Request.only(values(name), name);
    }

    /// The names of the header fields in lower case, in order.
    public List<String> names() {
        return Field.names(fields);
    }

    /// The stable reason code of a problem body (RFC 9457), or the empty string.
    public String code() {
        int at = body.indexOf("\"reason\"");
        if (at < 0) {
            return "";
        }
        int start = body.indexOf('"', body.indexOf(':', at)) + 1;
        return body.substring(start, body.indexOf('"', start));
    }
}
