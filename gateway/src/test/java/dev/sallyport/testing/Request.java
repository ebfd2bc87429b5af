package dev.sallyport.testing;

import java.util.List;

/// A complete request as an upstream read it.
///
/// @param chunked  whether the body came in chunks
/// @param trailers after a chunked body
public record Request(
        String method, String target, List<Field> fields, String body, boolean chunked, List<Field> trailers) {
    /// The values of the fields called `name`, in order.
    public List<String> values(String name) {
        return Field.values(fields, name);
    }

    /// The value of the one field called `name`; fails when there is none or more than one.
    public String value(String name) {
        return only(values(name), name);
    }

    /// The names of the header fields in lower case, in order.
    public List<String> names() {
        return Field.names(fields);
    }

    static String only(List<String> values, String name) {
        if (values.size() != 1) {
            throw new AssertionError("expected one field " + name + ", found " + values);
        }
        return values.getFirst();
    }
}
