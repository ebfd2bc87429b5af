package dev.sallyport.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sessions of browsers at the console: secrets of 256 random bits, held as digests; each ends when it was idle, when
/// it
/// is old, by log-out, and when a token changes. When there are too many, the one that was idle longest ends; only who
/// has a token can begin one.
final class AdminSessions {
    static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(30);
    static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(12);
    static final int MOST = 64;

    private final LongSupplier nanoTime;
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Session(AdminRole role, long begun, long used) {
        boolean over(long now) {
            return now - used >= IDLE_NANOS || now - begun >= LONGEST_NANOS;
        }
    }

    AdminSessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Begins one; returns its secret.
    synchronized String begin(AdminRole role) {
        long now = nanoTime.getAsLong();
        sessions.values().removeIf(session -> session.over(now));
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String secret = AdminToken.generate();
        sessions.put(digest(secret), new Session(role, now, now));
        return secret;
    }

    /// Whose session it is, or null when there is none; it was used now.
    synchronized @Nullable AdminRole use(String secret) {
        long now = nanoTime.getAsLong();
        String key = digest(secret);
        Session session = sessions.get(key);
        if (session == null) {
            return null;
        }
        if (session.over(now)) {
            sessions.remove(key);
            return null;
        }
        sessions.put(key, new Session(session.role, session.begun, now));
        return session.role;
    }

    synchronized void end(String secret) {
        sessions.remove(digest(secret));
    }

    synchronized void endAll() {
        sessions.clear();
    }

    private static String digest(String secret) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
