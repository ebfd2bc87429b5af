package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// How the hash of a line is made: SHA-256 over the hash before and the line, keyed (HMAC) or not. Without a key,
/// whoever may rewrite the file can also make the hashes anew. Confined to one thread.
@OffLoop("the thread of the audit log, and commands")
public final class Seal {
    /// The octets of a hash.
    static final int LENGTH = 32;

    /// Shorter keys could be found by trying.
    public static final int SHORTEST_KEY = 32;

    private static final String UNKEYED = "";
    private static final byte[] ABOUT_KEY = "sallyport audit log key".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable Mac mac;
    private final MessageDigest digest;
    private final String keyId;

    private Seal(@Nullable Mac mac, String keyId) throws GeneralSecurityException {
        this.mac = mac;
        this.digest = MessageDigest.getInstance("SHA-256");
        this.keyId = keyId;
    }

    /// The seal made with `key`, or without one.
    public static Seal of(@Nullable String key) {
        try {
            if (key == null) {
                return new Seal(null, UNKEYED);
            }
            byte[] octets = key.getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(octets, "HmacSHA256"));
            byte[] about = mac.doFinal(ABOUT_KEY);
            return new Seal(mac, HexFormat.of().formatHex(about, 0, 8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256 and its HMAC", e);
        }
    }

    /// A name of the key that tells nothing about it; empty without a key.
    public String keyId() {
        return keyId;
    }

    /// The hash of `line[from, to)` behind a line whose hash is `previous`.
    byte[] hash(byte[] previous, byte[] line, int from, int to) {
        if (mac != null) {
            mac.update(previous);
            mac.update(line, from, to - from);
            return mac.doFinal();
        }
        digest.update(previous);
        digest.update(line, from, to - from);
        return digest.digest();
    }

    /// The hash that the first line of a chain goes on from.
    static byte[] beginning() {
        return new byte[LENGTH];
    }

    static boolean same(byte[] one, byte[] other) {
        return Arrays.equals(one, other);
    }
}
