package dev.sallyport.extension.authn.jose;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256, which every Java runtime has.
public final class Sha256 {
    private Sha256() {}

    /// What hashes piece by piece.
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    public static byte[] of(byte[] octets) {
        return digest().digest(octets);
    }

    /// The hash in base64url.
    public static String text(byte[] octets) {
        return Base64Url.encode(of(octets));
    }

    /// The hash of the UTF-8 of `text`, in base64url.
    public static String text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }
}
