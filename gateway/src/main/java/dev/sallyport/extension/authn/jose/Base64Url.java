package dev.sallyport.extension.authn.jose;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Base64url without padding (RFC 4648 §5), canonical: each text stands for octets that no other text stands for
/// (threat JW-08).
public final class Base64Url {
    private static final byte[] VALUES = new byte[128];
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private Base64Url() {}

    public static String encode(byte[] octets) {
        return ENCODER.encodeToString(octets);
    }

    /// The octets that `text` stands for, or null when it is no canonical base64url.
    public static byte @Nullable [] decode(String text) {
        byte[] octets = new byte[text.length()];
        for (int i = 0; i < octets.length; i++) {
            char c = text.charAt(i);
            octets[i] = c < 128 ? (byte) c : 0;
        }
        return decode(octets, 0, octets.length);
    }

    /// The octets that `text` from `start` to `end` stands for, or null when it is no canonical base64url.
    static byte @Nullable [] decode(byte[] text, int start, int end) {
        int length = end - start;
        int rest = length & 3;
        if (rest == 1) {
            return null;
        }
        byte[] octets = new byte[length / 4 * 3 + (rest == 0 ? 0 : rest - 1)];
        int out = 0;
        int bits = 0;
        int held = 0;
        for (int i = start; i < end; i++) {
            int c = text[i];
            int value = c < 0 ? -1 : VALUES[c];
            if (value < 0) {
                return null;
            }
            held = held << 6 | value;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                octets[out++] = (byte) (held >> bits);
            }
        }
        boolean bitsLeft = (held & ((1 << bits) - 1)) != 0;
        return bitsLeft ? null : octets;
    }
}
