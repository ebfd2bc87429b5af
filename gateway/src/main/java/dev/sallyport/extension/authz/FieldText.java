package dev.sallyport.extension.authz;

import java.io.IOException;
import java.util.Locale;

/// Header fields in answers of policy servers.
public final class FieldText {
    private static final int LONGEST = 8192;

    private FieldText() {}

    /// A field, its name in lower case.
    ///
    /// @throws IOException when it cannot stand in a message (threat SM-25)
    public static Ruling.Field field(String name, String value) throws IOException {
        if (name.isEmpty() || name.length() > 256 || value.length() > LONGEST) {
            throw new IOException("a header field that is too long");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && "!#$%&'*+.^_`|~-".indexOf(c) < 0) {
                throw new IOException("a header field with a name that cannot be");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IOException("a header field with a value that cannot be");
            }
        }
        return new Ruling.Field(name.toLowerCase(Locale.ROOT), value.strip());
    }
}
