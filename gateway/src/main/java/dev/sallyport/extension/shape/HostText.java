package dev.sallyport.extension.shape;

import dev.sallyport.api.plugin.PluginException;
import java.util.regex.Pattern;

/// What configuration may name as a host: a domain name, an IPv4 address or an IPv6 address in brackets.
final class HostText {
    private static final String LABEL = "[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(\\." + LABEL + ")*|\\[[0-9a-f:.]{2,45}]");
    private static final int MAX_LENGTH = 253;

    private HostText() {}

    /// Checks `host` or `host:port`.
    static void check(String key, String text) throws PluginException {
        int colon = text.lastIndexOf(':');
        boolean port = colon > text.lastIndexOf(']');
        if (port) {
            checkPort(key, text.substring(colon + 1), text);
        }
        checkHost(key, port ? text.substring(0, colon) : text);
    }

    static void checkHost(String key, String host) throws PluginException {
        if (host.length() > MAX_LENGTH || !HOST.matcher(host).matches()) {
            throw new PluginException(key, host + " (expected: a host name or address in lower case)");
        }
    }

    private static void checkPort(String key, String port, String text) throws PluginException {
        if (!port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65535) {
            throw new PluginException(key, text + " (expected: a port of 1 to 65535 after the colon)");
        }
    }
}
