package dev.sallyport.api.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A canonical `host[:port]`: host in lower case without a trailing dot (IPv6 in brackets), port −1 when absent.
public final class Authority {
    /// The longest text that can be an authority: a name of 253 octets, its trailing dot, a colon and five digits.
    static final int LONGEST = 260;

    private final String host;
    private final int port;
    private final String text;

    /// @param port −1 for none
    public Authority(String host, int port) {
        this.host = host;
        this.port = port;
        this.text = port < 0 ? host : host + ":" + port;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /// The authority spelled by `text`; null when it is none (RFC 3986 §3.2, without user information).
    public static @Nullable Authority parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    /// The authority spelled by `bytes[start, end)`; null when it is none.
    ///
    /// A host is a name of letters, digits, `-` and `_`, an IPv4 address of four decimal numbers or an IPv6
    /// address in brackets. A name whose last label is a number and that is no IPv4 address is refused, because
    /// others read an address in it. A port is 1 to 65535 without leading zeros.
    public static @Nullable Authority parse(byte[] bytes, int start, int end) {
        if (start >= end || end - start > LONGEST) {
            return null;
        }
        int hostEnd = start;
        String host;
        if (bytes[start] == '[') {
            while (hostEnd < end && bytes[hostEnd] != ']') {
                hostEnd++;
            }
            host = hostEnd == end ? null : Ipv6Literal.canonical(bytes, start + 1, hostEnd++);
        } else {
            while (hostEnd < end && bytes[hostEnd] != ':') {
                hostEnd++;
            }
            host = HostName.canonical(bytes, start, hostEnd);
        }
        if (host == null) {
            return null;
        }
        if (hostEnd == end) {
            return new Authority(host, -1);
        }
        int port = bytes[hostEnd] == ':' ? port(bytes, hostEnd + 1, end) : -1;
        return port < 0 ? null : new Authority(host, port);
    }

    private static int port(byte[] bytes, int start, int end) {
        if (start == end || end - start > 5 || bytes[start] == '0') {
            return -1;
        }
        int port = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            port = port * 10 + digit;
        }
        return port <= 65535 ? port : -1;
    }

    /// The port that `scheme` means when none is written.
    public static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /// The same authority, without its port if that is `port`.
    public Authority without(int port) {
        return this.port == port ? new Authority(host, -1) : this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Authority that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// `host[:port]`, made once.
    @Override
    public String toString() {
        return text;
    }
}
