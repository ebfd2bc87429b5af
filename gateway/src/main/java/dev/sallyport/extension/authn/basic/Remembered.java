package dev.sallyport.extension.authn.basic;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Which passwords were right a short time ago, so that not every request costs a slow hash (threat AK-09): by a keyed
/// hash of name and password, with a key that this process alone has, and good for one stored hash only. Bounded; when
/// it is full, nothing more is remembered until something ends. All threads.
final class Remembered {
    private static final int MOST = 10_000;
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_OCTETS = 32;

    private final long millis;
    private final Mac[] macs;
    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(String hash, long until) {}

    /// @param millis how long; 0 for not at all
    Remembered(long millis, int loops) {
        this.millis = millis;
        this.macs = new Mac[loops];
        byte[] key = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(key);
        try {
            for (int i = 0; i < loops; i++) {
                macs[i] = Mac.getInstance(HMAC);
                macs[i].init(new SecretKeySpec(key, HMAC));
            }
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
        }
    }

    /// The name under which a success is remembered; on event loop number `loop`.
    String mark(int loop, NameAndPassword shown) {
        Mac mac = macs[loop];
        // a name holds no control character
        mac.update(shown.name().getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return new String(mac.doFinal(shown.password()), StandardCharsets.ISO_8859_1);
    }

    /// Whether the password was right for the stored `hash`.
    boolean holds(String mark, PasswordHash hash, long now) {
        Entry entry = entries.get(mark);
        return entry != null && now < entry.until && entry.hash.equals(hash.text());
    }

    /// Notes that it was.
    void add(String mark, PasswordHash hash, long now) {
        if (millis == 0) {
            return;
        }
        if (entries.size() >= MOST) {
            entries.values().removeIf(entry -> entry.until <= now);
        }
        if (entries.size() < MOST) {
            entries.put(mark, new Entry(hash.text(), now + millis));
        }
    }
}
