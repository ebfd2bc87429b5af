package dev.sallyport.extension.balance;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.PluginException;
import java.util.Locale;
import java.util.regex.Pattern;

/// What of a request the ring is asked with, as a hash that is the same in every gateway and after every start.
interface RingKey {
    /// What [#hash] gives for a request that lacks the key.
    long ABSENT = 0;

    /// The hash of the key, or [#ABSENT].
    long hash(Exchange exchange);

    /// The key that `text` names.
    ///
    /// @throws PluginException when it names none
    static RingKey of(String text) throws PluginException {
        if (text.equals("client.address")) {
            // an address's hash code is defined by its octets
            return exchange -> Hashes.of(exchange.clientAddress().hashCode());
        }
        if (text.equals("path")) {
            return exchange -> Hashes.of(exchange.request().path());
        }
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        if (colon > 0 && NAME.matcher(name).matches()) {
            switch (text.substring(0, colon)) {
                case "header" -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    return exchange -> header(exchange.request().headers(), lower);
                }
                case "cookie" -> {
                    return exchange -> cookie(exchange.request().headers(), name);
                }
                default -> {}
            }
        }
        throw new PluginException("key", text + " (expected: client.address, path, header:NAME or cookie:NAME)");
    }

    /// A token (RFC 9110 §5.6.2).
    Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static long header(Headers headers, String name) {
        int index = headers.indexOf(name, 0);
        return index < 0 ? ABSENT : Hashes.of(headers.bytes(), headers.valueStart(index), headers.valueEnd(index));
    }

    /// The value of the first cookie called `name`, found without copying (RFC 6265 §4.2).
    private static long cookie(Headers headers, String name) {
        byte[] bytes = headers.bytes();
        for (int i = headers.indexOf(FieldName.COOKIE); i >= 0; i = headers.indexOf(FieldName.COOKIE, i + 1)) {
            int end = headers.valueEnd(i);
            int start = headers.valueStart(i);
            while (start < end) {
                int semicolon = start;
                while (semicolon < end && bytes[semicolon] != ';') {
                    semicolon++;
                }
                while (start < semicolon && (bytes[start] == ' ' || bytes[start] == '\t')) {
                    start++;
                }
                int value = start + name.length() + 1;
                if (value <= semicolon && bytes[value - 1] == '=' && begins(bytes, start, name)) {
                    return Hashes.of(bytes, value, semicolon);
                }
                start = semicolon + 1;
            }
        }
        return ABSENT;
    }

    private static boolean begins(byte[] bytes, int start, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
