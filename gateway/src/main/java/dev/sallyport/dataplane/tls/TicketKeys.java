package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The keys of a listener's session tickets: the newest makes tickets, the ones before still open theirs, so a
/// stolen key opens a day of traffic at most (threat TL-07). Kept in memory only and never shared between
/// listeners.
final class TicketKeys {
    private static final long ROTATION_NANOS = TimeUnit.HOURS.toNanos(8);
    private static final int KEPT = 3;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// What sessions are bound to besides the keys: the listener.
    private final byte[] owner = random(32);

    private final AtomicLong rotateAt;
    private volatile List<OpenSslSessionTicketKey> keys = List.of(fresh());

    TicketKeys(long now) {
        rotateAt = new AtomicLong(now + ROTATION_NANOS);
    }

    private static OpenSslSessionTicketKey fresh() {
        return new OpenSslSessionTicketKey(
                random(OpenSslSessionTicketKey.NAME_SIZE),
                random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                random(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    void install(OpenSslServerSessionContext sessions) {
        sessions.setSessionIdContext(owner);
        sessions.setTicketKeys(keys.toArray(OpenSslSessionTicketKey[]::new));
    }

    /// Adds a key and drops the oldest when it is time; asked for every connection, so it is one comparison nearly
    /// always.
    void rotateIfDue(long now, OpenSslServerSessionContext sessions) {
        long due = rotateAt.get();
        if (now - due >= 0 && rotateAt.compareAndSet(due, now + ROTATION_NANOS)) {
            keys = Stream.concat(Stream.of(fresh()), keys.stream()).limit(KEPT).toList();
            install(sessions);
        }
    }

    int count() {
        return keys.size();
    }
}
