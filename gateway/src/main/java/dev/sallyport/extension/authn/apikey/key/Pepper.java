package dev.sallyport.extension.authn.apikey.key;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secret without which stored hashes of keys are worth nothing to whoever copies them (threat AK-02).
public final class Pepper {
    /// How many characters it must have, of which each should be random.
    public static final int SHORTEST = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] ABOUT_ITSELF = "sallyport api key pepper".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME_OCTETS = 4;

    private final SecretKeySpec secret;
    private final String name;

    /// @throws IllegalArgumentException it is too short
    public Pepper(String text) {
        if (text.length() < SHORTEST) {
            throw new IllegalArgumentException(text.length() + " characters (expected: a random text of " + SHORTEST
                    + " or more, such as `openssl rand -base64 32` prints)");
        }
        this.secret = new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.name = HexFormat.of().formatHex(mac().doFinal(ABOUT_ITSELF), 0, NAME_OCTETS);
    }

    /// Tells it from others and nothing more; stored with each hash, so that a wrong pepper is noticed.
    public String name() {
        return name;
    }

    /// What hashes keys; confined to one thread.
    public Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
        }
    }

    /// The hash of `key`.
    public byte[] hash(String key) {
        return mac().doFinal(key.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String toString() {
        return "Pepper " + name;
    }
}
