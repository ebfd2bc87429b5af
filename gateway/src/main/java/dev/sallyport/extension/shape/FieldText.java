package dev.sallyport.extension.shape;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.plugin.PluginException;
import java.util.regex.Pattern;

/// What configuration may write into a header section: names that are tokens and not the gateway's own to write,
/// values without control characters (threats SM-25, HD-07).
final class FieldText {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+^`|~0-9A-Za-z-]+");

    private FieldText() {}

    static void checkName(String key, String name) throws PluginException {
        if (!TOKEN.matcher(name).matches()) {
            throw new PluginException(key, name + " (expected: a field name of letters, digits and -)");
        }
        switch (FieldName.of(name).rule()) {
            case PASS, CLIENT_CLAIM -> {}
            case HOP_BY_HOP, DROP, OWN ->
                throw new PluginException(
                        key, name + " (expected: a field that the gateway does not remove or write itself)");
        }
    }

    static void checkValue(String key, String value) throws PluginException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new PluginException(
                        key, String.format("character U+%04X (expected: printable ISO-8859-1 characters)", (int) c));
            }
        }
        if (!value.strip().equals(value)) {
            throw new PluginException(key, "\"" + value + "\" (expected: no white space around the value)");
        }
    }
}
