package dev.sallyport.api.http;

import org.jspecify.annotations.Nullable;

/// Makes the canonical request out of what a protocol parsed: target, authority and fields are judged here, the same
/// way
/// for every protocol. Reusable, confined to one thread.
public final class RequestReader {
    private final RequestTarget target = new RequestTarget();
    private @Nullable CanonicalRequest request;

    /// Reads a request whose fields are grammatical; null when it is valid and [#request()] has it.
    ///
    /// @param scheme          of the connection, `http` or `https`
    /// @param bytes           holds the target at `[targetStart, targetEnd)`
    /// @param pseudoAuthority `:authority` of HTTP/2, null where there was none
    public @Nullable RequestFault read(
            String scheme,
            HttpVersion version,
            Method method,
            byte[] bytes,
            int targetStart,
            int targetEnd,
            @Nullable String pseudoAuthority,
            Headers headers) {
        RequestFault fault = target.parse(method, bytes, targetStart, targetEnd);
        if (fault != null) {
            return fault;
        }
        request = new CanonicalRequest(
                method,
                scheme,
                new Authority("unknown", -1),
                target.path(),
                target.ambiguity(),
                target.query(),
                headers,
                version);
        return null;
    }

    /// The request read last; only after [#read] returned null.
    public CanonicalRequest request() {
        CanonicalRequest read = request;
        if (read == null) {
            throw new IllegalStateException("no request was read");
        }
        return read;
    }
}
