package dev.sallyport.extension.authn.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Seals records by AES-256-GCM, each under a key of its own, made of a master key and the secret that only the
/// browser keeps: neither the store nor the master key alone opens anything (threat OA-19).
///
/// Immutable, for any thread; opening takes microseconds and never waits.
public final class Sealer {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<Master> masters;
    private final byte[] purpose;

    /// A master key.
    ///
    /// @param id     what a sealed record names it by
    /// @param secret 32 octets
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Master(int id, Instant since, byte[] secret) {
        @Override
        public String toString() {
            return "Master[" + id + "]";
        }
    }

    /// @param masters newest first, at least one
    /// @param purpose what the records are; one sealed for another purpose is not opened
    Sealer(List<Master> masters, String purpose) {
        this.masters = List.copyOf(masters);
        this.purpose = purpose.getBytes(StandardCharsets.UTF_8);
    }

    /// A sealer of records of another kind with the same keys.
    public Sealer forPurpose(String other) {
        return new Sealer(masters, other);
    }

    List<Master> masters() {
        return masters;
    }

    /// Seals `plain`; what opens it is `secret`. Draws random octets: not on event loops.
    public byte[] seal(byte[] secret, byte[] plain) {
        Master master = masters.getFirst();
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, master, secret, nonce).doFinal(plain);
            return ByteBuffer.allocate(Integer.BYTES + NONCE + sealed.length)
                    .putInt(master.id)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether `sealed` names a key that is known.
    boolean knows(byte[] sealed) {
        if (sealed.length < Integer.BYTES) {
            return false;
        }
        int id = ByteBuffer.wrap(sealed).getInt();
        for (Master master : masters) {
            if (master.id == id) {
                return true;
            }
        }
        return false;
    }

    /// What `sealed` holds; null when it was not sealed with `secret` by a key that is still known, for this
    /// purpose.
    public byte @Nullable [] open(byte[] secret, byte[] sealed) {
        if (sealed.length < Integer.BYTES + NONCE + TAG_BITS / Byte.SIZE) {
            return null;
        }
        int id = ByteBuffer.wrap(sealed).getInt();
        byte[] nonce = Arrays.copyOfRange(sealed, Integer.BYTES, Integer.BYTES + NONCE);
        for (Master master : masters) {
            if (master.id == id) {
                return open(master, secret, nonce, sealed);
            }
        }
        return null;
    }

    private byte @Nullable [] open(Master master, byte[] secret, byte[] nonce, byte[] sealed) {
        int from = Integer.BYTES + NONCE;
        try {
            return cipher(Cipher.DECRYPT_MODE, master, secret, nonce).doFinal(sealed, from, sealed.length - from);
        } catch (GeneralSecurityException forged) {
            return null;
        }
    }

    private Cipher cipher(int mode, Master master, byte[] secret, byte[] nonce) throws GeneralSecurityException {
        Mac derivation = Mac.getInstance("HmacSHA256");
        derivation.init(new SecretKeySpec(master.secret, "HmacSHA256"));
        byte[] key = derivation.doFinal(secret);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose);
        return cipher;
    }
}
