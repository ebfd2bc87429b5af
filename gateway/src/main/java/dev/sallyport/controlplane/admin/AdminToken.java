package dev.sallyport.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The bearer token of the admin listener; held as a digest, compared in constant time, never printed by accident.
public final class AdminToken {
    /// Shorter ones could be found by trying.
    public static final int MIN_LENGTH = 16;

    private static final int GENERATED_BYTES = 32;

    private final byte[] digest;

    private AdminToken(byte[] digest) {
        this.digest = digest;
    }

    /// The token that `text` is.
    ///
    /// @throws IllegalArgumentException when it is too short to be one
    public static AdminToken of(String text) {
        if (text.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "a token of " + text.length() + " characters (expected: at least " + MIN_LENGTH + ")");
        }
        return new AdminToken(sha256(text));
    }

    /// The text of a new token of 256 random bits.
    public static String generate() {
        byte[] random = new byte[GENERATED_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    boolean matches(String presented) {
        return MessageDigest.isEqual(digest, sha256(presented));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AdminToken token && MessageDigest.isEqual(digest, token.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    @Override
    public String toString() {
        return "AdminToken[***]";
    }
}
