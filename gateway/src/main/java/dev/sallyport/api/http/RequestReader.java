package dev.sallyport.api.http;

import org.jspecify.annotations.Nullable;

/// Makes the canonical request out of what a protocol parsed: target, authority and fields are judged here, the
/// same way
/// for every protocol. Reusable, confined to one thread.
public final class RequestReader {
    private static final long SINGLE = singleFields();

    private final AuthorityCache authorities = new AuthorityCache();
    private final RequestTarget target = new RequestTarget(authorities);
    private @Nullable Authority authority;
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
        request = null;
        long repeated = headers.repeated() & SINGLE;
        if (repeated != 0) {
            return (repeated & FieldName.HOST.bit()) != 0 ? RequestFault.AUTHORITY : RequestFault.FIELD_REPEATED;
        }
        RequestFault fault = target.parse(method, bytes, targetStart, targetEnd);
        if (fault != null) {
            return fault;
        }
        String targetScheme = target.scheme();
        if (targetScheme != null && (version == HttpVersion.HTTP_2 || !targetScheme.equals(scheme))) {
            return RequestFault.TARGET;
        }
        Authority agreed = agreed(Authority.defaultPort(scheme), pseudoAuthority, headers);
        if (agreed == null) {
            return RequestFault.AUTHORITY;
        }
        request = new CanonicalRequest(
                method, scheme, agreed, target.path(), target.ambiguity(), target.query(), headers, version);
        return null;
    }

    /// What target, `:authority` and `Host` all name; null when one is invalid, two differ or the last two are
    /// missing.
    private @Nullable Authority agreed(int defaultPort, @Nullable String pseudoAuthority, Headers headers) {
        authority = target.authority();
        boolean named = false;
        if (pseudoAuthority != null) {
            named = true;
            if (!agree(authorities.find(pseudoAuthority, defaultPort))) {
                return null;
            }
        }
        int host = headers.indexOf(FieldName.HOST);
        if (host >= 0) {
            named = true;
            if (!agree(
                    authorities.find(headers.bytes(), headers.valueStart(host), headers.valueEnd(host), defaultPort))) {
                return null;
            }
        }
        return named ? authority : null;
    }

    private boolean agree(@Nullable Authority other) {
        if (other == null || (authority != null && !authority.equals(other))) {
            return false;
        }
        authority = other;
        return true;
    }

    private static long singleFields() {
        long bits = 0;
        for (FieldName field : FieldName.values()) {
            if (field.single()) {
                bits |= field.bit();
            }
        }
        return bits;
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
