package dev.sallyport.extension.state.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/// Names and seals what is kept at the server, so that it says nothing to who can read there, and nothing is believed
/// that who can write there made up or put in another place (threat AD-12).
///
/// Sealing is deterministic: the same value under the same key is the same octets, so that the server can compare. The
/// nonce of the cipher is the beginning of an HMAC over everything (synthetic, as in RFC 5297). Any thread.
final class Vault {
    private static final byte VERSION = 1;
    private static final int TAG = 32;
    private static final int NONCE = 16;
    private static final int NAME = 16;
    private static final String HMAC = "HmacSHA256";

    private final String namespace;
    private final SecretKey naming;
    private final SecretKey authenticating;
    private final SecretKey encrypting;

    /// @param secret what every gateway that shares the state is configured with
    Vault(String secret, String namespace) {
        this.namespace = namespace;
        byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
        this.naming = derived(octets, "names", HMAC);
        this.authenticating = derived(octets, "authentication", HMAC);
        this.encrypting = derived(octets, "encryption", "AES");
    }

    private SecretKey derived(byte[] secret, String use, String algorithm) {
        byte[] info = ("sallyport shared state 1 " + use + " " + namespace).getBytes(StandardCharsets.UTF_8);
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(info, TAG));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Names a space; in braces as a cluster wants it, so that all of a space is at one server.
    String space(String space) {
        return namespace + ":{" + HexFormat.of().formatHex(name('s', space, ""), 0, NAME / 2) + "}:";
    }

    /// What a key or owner is called; nothing about it can be told from that.
    ///
    /// @param kind of what it names
    byte[] name(char kind, String space, String key) {
        byte[] digest = hmac(naming, kind + "\n" + space + "\n" + key, null, 0);
        return Arrays.copyOf(digest, NAME);
    }

    /// A number that everybody with the secret knows, and nobody else.
    long number(String use) {
        return ByteBuffer.wrap(hmac(naming, "number\n" + use, null, 0)).getLong();
    }

    /// `value` under `key`, sealed.
    byte[] seal(String space, String key, byte[] value) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] plain = ByteBuffer.allocate(Short.BYTES + name.length + value.length)
                .putShort((short) name.length)
                .put(name)
                .put(value)
                .array();
        byte[] tag = hmac(authenticating, space, plain, 0);
        byte[] hidden = crypt(Cipher.ENCRYPT_MODE, tag, plain, 0);
        return ByteBuffer.allocate(1 + TAG + hidden.length)
                .put(VERSION)
                .put(tag)
                .put(hidden)
                .array();
    }

    /// What was sealed.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Opened(String key, byte[] value) {}

    /// What `sealed` holds; null when no gateway sealed it for `space`.
    @Nullable
    Opened open(String space, byte[] sealed) {
        if (sealed.length < 1 + TAG + Short.BYTES || sealed[0] != VERSION) {
            return null;
        }
        byte[] tag = Arrays.copyOfRange(sealed, 1, 1 + TAG);
        byte[] plain = crypt(Cipher.DECRYPT_MODE, tag, sealed, 1 + TAG);
        if (!MessageDigest.isEqual(tag, hmac(authenticating, space, plain, 0))) {
            return null;
        }
        int from = Short.BYTES + Short.toUnsignedInt(ByteBuffer.wrap(plain).getShort());
        return new Opened(
                new String(plain, Short.BYTES, from - Short.BYTES, StandardCharsets.UTF_8),
                Arrays.copyOfRange(plain, from, plain.length));
    }

    private static byte[] hmac(SecretKey key, String text, byte @Nullable [] more, int from) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(octets.length).flip());
            mac.update(octets);
            if (more != null) {
                mac.update(more, from, more.length - from);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] crypt(int mode, byte[] tag, byte[] octets, int from) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, encrypting, new IvParameterSpec(tag, 0, NONCE));
            return cipher.doFinal(octets, from, octets.length - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
