package dev.sallyport.controlplane.config;

import java.util.Locale;
import java.util.regex.Pattern;

/// Where an upstream listens: scheme, host and port, nothing else.
///
/// @param host in lower case; an IPv6 address in brackets
public record EndpointUrl(boolean secure, String host, int port) {
    private static final String EXPECTED = " (expected: http://host:port or https://host:port)";
    private static final Pattern NAME =
            Pattern.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\\.?");
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)\\.?");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");

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
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (end < 0 || (end == 0 && authority.startsWith("["))) {
            end = authority.length();
        }
        String host = authority.substring(0, end);
        String rest = authority.substring(end);
        int port = rest.isEmpty() ? (secure ? 443 : 80) : rest.charAt(0) == ':' ? Ports.parse(rest.substring(1)) : -1;
        if (!isHost(host) || port < 1) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        return new EndpointUrl(secure, host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
    }

    /// An address must be in its one usual spelling: 0177.1 or 2130706433 are addresses to some resolvers (US-02).
    private static boolean isHost(String host) {
        if (host.length() > 254) {
            return false;
        }
        return host.startsWith("[")
                ? IPV6.matcher(host).matches()
                : IPV4.matcher(host).matches()
                        || (NAME.matcher(host).matches()
                                && !NUMERIC.matcher(host).matches());
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
