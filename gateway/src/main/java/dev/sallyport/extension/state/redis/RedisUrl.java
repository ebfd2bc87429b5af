package dev.sallyport.extension.state.redis;

import dev.sallyport.api.http.Authority;
import java.util.Locale;

/// Where a Redis server listens: `redis` or `rediss` (TLS), host and port, nothing else.
///
/// @param host in lower case; an IPv6 address in brackets
public record RedisUrl(boolean secure, String host, int port) {
    private static final String EXPECTED = " (expected: redis://host:port, or rediss://host:port for TLS)";
    private static final int USUAL_PORT = 6379;

    /// Reads a URL.
    ///
    /// @throws IllegalArgumentException when `text` is none, or holds more than scheme, host and port
    public static RedisUrl parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith("rediss://");
        if (!secure && !lower.startsWith("redis://")) {
            throw new IllegalArgumentException(
                    (lower.indexOf('@') < 0 ? text : "a text with user information") + EXPECTED);
        }
        String authority = lower.substring(secure ? "rediss://".length() : "redis://".length());
        if (authority.indexOf('@') >= 0) {
            // the text may hold a password
            throw new IllegalArgumentException(
                    "a URL with user information (expected: none; use `username` and `password`)");
        }
        if (authority.endsWith("/") && authority.indexOf('/') == authority.length() - 1) {
            authority = authority.substring(0, authority.length() - 1);
        }
        if (authority.indexOf('/') >= 0 || authority.indexOf('?') >= 0 || authority.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    text + " (expected: nothing after host:port; `namespace` keeps gateways apart)");
        }
        Authority parsed = Authority.parse(authority);
        if (parsed == null) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        return new RedisUrl(secure, parsed.host(), parsed.port() < 0 ? USUAL_PORT : parsed.port());
    }

    /// The host as sockets want it.
    String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return (secure ? "rediss://" : "redis://") + host + ":" + port;
    }
}
