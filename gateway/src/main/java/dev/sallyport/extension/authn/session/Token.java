package dev.sallyport.extension.authn.session;

import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// 256 random bits that somebody else keeps, such as a session's id in a cookie. The store knows only a hash.
///
/// @param text 43 characters of base64url
public record Token(String text) {
    private static final int OCTETS = 32;
    private static final int LENGTH = 43;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A new one. Draws random octets: not on event loops.
    public static Token random() {
        byte[] octets = new byte[OCTETS];
        RANDOM.nextBytes(octets);
        return new Token(Base64Url.encode(octets));
    }

    /// `text` as a token, or null when it does not look like one.
    public static @Nullable Token of(@Nullable String text) {
        if (text == null || text.length() != LENGTH) {
            return null;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && c != '-' && c != '_') {
                return null;
            }
        }
        return new Token(text);
    }

    /// What the store calls it; the token cannot be found from it.
    public String hash() {
        return hash(text);
    }

    /// The same for any text, such as a name in an index.
    public static String hash(String text) {
        return Sha256.text(text);
    }

    /// Its octets, as the secret of a [Sealer].
    public byte[] secret() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Whether `other` is the same, in a time that does not tell how much of it is.
    public boolean is(@Nullable String other) {
        return other != null && MessageDigest.isEqual(secret(), other.getBytes(StandardCharsets.UTF_8));
    }

    /// Never the token itself.
    @Override
    public String toString() {
        return "Token";
    }
}
