package dev.sallyport.extension.authn.dpop;

import dev.sallyport.extension.authn.jose.Base64Url;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Nonces that nobody has to remember (RFC 9449 §8 and §9): a period of time and its MAC. Every node that has the key
/// accepts what another one issued.
final class Nonces {
    /// How long a nonce is handed out, in seconds; it is accepted for as long again.
    static final long PERIOD = 60;

    private static final int MAC_OCTETS = 16;
    private static final int LENGTH = 32;

    private Nonces() {}

    /// What a nonce is worth.
    enum Worth {
        /// Good, and handed out now.
        CURRENT,
        /// Good, but another one is handed out by now.
        AGEING,
        /// Not of this gateway, or too old.
        NONE
    }

    /// The nonce of the moment.
    static String at(long epochSecond, byte[] key) {
        return of(epochSecond / PERIOD, key);
    }

    private static String of(long period, byte[] key) {
        byte[] time = ByteBuffer.allocate(Long.BYTES).putLong(period).array();
        byte[] nonce = Arrays.copyOf(time, Long.BYTES + MAC_OCTETS);
        System.arraycopy(mac(time, key), 0, nonce, Long.BYTES, MAC_OCTETS);
        return Base64Url.encode(nonce);
    }

    /// What `nonce` is worth now.
    static Worth worth(@Nullable String nonce, long epochSecond, byte[] key) {
        byte[] octets = nonce == null || nonce.length() != LENGTH ? null : Base64Url.decode(nonce);
        if (octets == null) {
            return Worth.NONE;
        }
        byte[] time = Arrays.copyOf(octets, Long.BYTES);
        byte[] expected = Arrays.copyOf(mac(time, key), MAC_OCTETS);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(octets, Long.BYTES, octets.length))) {
            return Worth.NONE;
        }
        // one period ahead: another node's clock may be
        long age = epochSecond / PERIOD - ByteBuffer.wrap(time).getLong();
        return age == 0 || age == -1 ? Worth.CURRENT : age == 1 ? Worth.AGEING : Worth.NONE;
    }

    private static byte[] mac(byte[] time, byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(time);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
