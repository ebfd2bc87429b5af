package dev.sallyport.controlplane.config;

import dev.sallyport.api.http.Authority;
import java.util.Locale;

/// Where an upstream listens: scheme, host and port, nothing else. An address is in its one usual spelling,
/// because 0177.1 or 2130706433 are addresses to some resolvers (threat US-02).
///
/// @param host in lower case; an IPv6 address in brackets
public record EndpointUrl(boolean secure, String host, int port) {
    private static final String EXPECTED = " (expected: http://host:port or https://host:port)";

    /// Reads a URL.
    ///
    /// @throws IllegalArgumentException when `text` is none, or holds more than scheme, host and port
    public static EndpointUrl parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith("https://");
        if (!secure && !lower.startsWith("http://")) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        String authority = lower.substring(secure ? 8 : 7);
        if (authority.indexOf('@') >= 0) {
            // the text may hold a password
            throw new IllegalArgumentException("a URL with user information (expected: no name and password in it)");
        }
        if (authority.endsWith("/") && authority.indexOf('/') == authority.length() - 1) {
            authority = authority.substring(0, authority.length() - 1);
        }
        if (authority.indexOf('/') >= 0 || authority.indexOf('?') >= 0 || authority.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    text + " (expected: no path or query after host:port; `rewrite` changes paths)");
        }
        Authority parsed = Authority.parse(authority);
        if (parsed == null) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        return new EndpointUrl(
                secure,
                parsed.host(),
                parsed.port() < 0 ? Authority.defaultPort(secure ? "https" : "http") : parsed.port());
    }

    /// `host:port`.
    public String address() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + address();
    }
}
