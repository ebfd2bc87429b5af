package dev.sallyport.api.http;

import org.jspecify.annotations.Nullable;

/// Parses a request target into the canonical path and query (RFC 9112 §3.2, RFC 3986 §6), refusing what parsers
/// disagree about (threats PA-01 to PA-20). Reusable, confined to one thread; results are valid until the next
/// parse.
public final class RequestTarget {
    private static final byte[] HTTP = {'h', 't', 't', 'p', ':', '/', '/'};
    private static final byte[] HTTPS = {'h', 't', 't', 'p', 's', ':', '/', '/'};

    private final PathReader reader = new PathReader();
    private final AuthorityCache authorities;

    private String path = "/";
    private int ambiguity;
    private @Nullable String query;
    private @Nullable Authority authority;
    private @Nullable String scheme;
    private boolean asterisk;

    public RequestTarget() {
        this(new AuthorityCache());
    }

    RequestTarget(AuthorityCache authorities) {
        this.authorities = authorities;
    }

    /// Parses the target `bytes[start, end)` of a request with `method`; null when it is valid.
    public @Nullable RequestFault parse(Method method, byte[] bytes, int start, int end) {
        ambiguity = 0;
        query = null;
        authority = null;
        scheme = null;
        asterisk = false;
        if (method == Method.CONNECT) {
            return RequestFault.CONNECT;
        }
        if (start >= end) {
            return RequestFault.TARGET;
        }
        byte first = bytes[start];
        if (first == '/') {
            return origin(bytes, start, end);
        }
        if (first == '*') {
            path = "*";
            asterisk = method == Method.OPTIONS && end - start == 1;
            return asterisk ? null : RequestFault.TARGET;
        }
        return absolute(method, bytes, start, end);
    }

    private @Nullable RequestFault origin(byte[] bytes, int start, int end) {
        RequestFault fault = reader.read(bytes, start, end);
        if (fault != null) {
            return fault;
        }
        path = reader.path();
        ambiguity = reader.ambiguity();
        return query(bytes, reader.end(), end);
    }

    /// Takes `?query` at `[at, end)`, if there is one.
    private @Nullable RequestFault query(byte[] bytes, int at, int end) {
        if (at == end) {
            return null;
        }
        for (int i = at + 1; i < end; i++) {
            byte octet = bytes[i];
            // Octets of 0x80 and above are negative.
            if (octet <= ' ' || octet == 0x7f || octet == '#') {
                return RequestFault.TARGET;
            }
        }
        query = text(bytes, at + 1, end);
        return null;
    }

    private @Nullable RequestFault absolute(Method method, byte[] bytes, int start, int end) {
        int host;
        if (startsWith(bytes, start, end, HTTP)) {
            scheme = "http";
            host = start + HTTP.length;
        } else if (startsWith(bytes, start, end, HTTPS)) {
            scheme = "https";
            host = start + HTTPS.length;
        } else {
            return RequestFault.TARGET;
        }
        int hostEnd = host;
        while (hostEnd < end && bytes[hostEnd] != '/' && bytes[hostEnd] != '?') {
            hostEnd++;
        }
        authority = authorities.find(bytes, host, hostEnd, Authority.defaultPort(scheme));
        if (authority == null) {
            return RequestFault.AUTHORITY;
        }
        if (hostEnd < end && bytes[hostEnd] == '/') {
            return origin(bytes, hostEnd, end);
        }
        // Another spelling of `*` (RFC 9112 §3.2.4) that nobody needs: threat PA-14.
        if (method == Method.OPTIONS && hostEnd == end) {
            return RequestFault.TARGET;
        }
        path = "/";
        return query(bytes, hostEnd, end);
    }

    /// Whether `prefix`, in lower case, stands at `start` in any case.
    private static boolean startsWith(byte[] bytes, int start, int end, byte[] prefix) {
        if (end - start < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            byte octet = bytes[start + i];
            if (octet != prefix[i] && (octet < 'A' || octet > 'Z' || octet + 32 != prefix[i])) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("deprecation") // the only constructor that widens octets without a charset decoder
    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, 0, start, end - start);
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
