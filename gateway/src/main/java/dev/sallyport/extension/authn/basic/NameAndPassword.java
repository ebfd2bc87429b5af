package dev.sallyport.extension.authn.basic;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What a caller says in `Authorization: Basic …` (RFC 7617).
///
/// @param name     UTF-8, without colon and control characters
/// @param password octets of UTF-8 without control characters
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record NameAndPassword(String name, byte[] password) {
    /// How long the whole value of the field may be.
    static final int MOST_CHARACTERS = 1024;

    private static final String SCHEME = "basic";

    /// Whether `value` is of this scheme, well-formed or not.
    static boolean isOf(String value) {
        return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && (value.length() == SCHEME.length() || value.charAt(SCHEME.length()) == ' ');
    }

    /// What `value` says, or null when it is malformed: no colon, no name, other octets than those of base64 with
    /// its padding, not UTF-8, control characters (threat AK-08).
    static @Nullable NameAndPassword parse(String value) {
        int start = SCHEME.length();
        while (start < value.length() && value.charAt(start) == ' ') {
            start++;
        }
        if (value.length() > MOST_CHARACTERS || start == value.length() || (value.length() - start) % 4 != 0) {
            return null;
        }
        byte[] octets;
        String text;
        try {
            octets = Base64.getDecoder().decode(value.substring(start));
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return null;
        }
        int colon = text.indexOf(':');
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return null;
            }
        }
        if (colon <= 0) {
            return null;
        }
        String name = text.substring(0, colon);
        int from = name.getBytes(StandardCharsets.UTF_8).length + 1;
        return new NameAndPassword(name, Arrays.copyOfRange(octets, from, octets.length));
    }

    /// The name only.
    @Override
    public String toString() {
        return name + ":***";
    }
}
