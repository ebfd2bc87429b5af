package dev.sallyport.extension.authn.session;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One login of one browser, as it is sealed.
///
/// @param publicId what logs and revocation call it; it opens nothing
/// @param subject  who logged in, as the provider calls them
/// @param sid      the provider's own session, or empty
/// @param tokens   what the provider issued
public record Session(String publicId, String subject, String sid, Times times, Tokens tokens) {
    private static final byte VERSION = 1;
    private static final int LONGEST = 64 * 1024;

    /// Seconds of the epoch.
    ///
    /// @param began     the login
    /// @param ends      from when it is over, whatever happens
    /// @param used      when it was last noted to be in use
    /// @param refreshAt from when it should be refreshed
    /// @param stale     from when it must be refreshed before it counts; [Long#MAX_VALUE] for never
    public record Times(long began, long ends, long used, long refreshAt, long stale) {
        /// The same, used at `now`.
        public Times usedAt(long now) {
            return new Times(began, ends, now, refreshAt, stale);
        }
    }

    /// What the provider issued.
    ///
    /// @param id       the ID token; what it says is who calls
    /// @param userinfo what the provider says beside it, as JSON, or empty
    /// @param refresh  the refresh token, or empty
    public record Tokens(String id, String userinfo, String refresh) {
        /// Never the tokens themselves.
        @Override
        public String toString() {
            return "Tokens";
        }
    }

    /// The same, used at `now`.
    public Session usedAt(long now) {
        return new Session(publicId, subject, sid, times.usedAt(now), tokens);
    }

    byte[] encoded() {
        byte[][] texts = {
            octets(publicId),
            octets(subject),
            octets(sid),
            octets(tokens.id),
            octets(tokens.userinfo),
            octets(tokens.refresh)
        };
        int length = 1 + 5 * Long.BYTES;
        for (byte[] text : texts) {
            length += Integer.BYTES + text.length;
        }
        if (length > LONGEST) {
            throw new IllegalArgumentException(length + " octets of session (expected: at most " + LONGEST + ")");
        }
        ByteBuffer out = ByteBuffer.allocate(length)
                .put(VERSION)
                .putLong(times.began)
                .putLong(times.ends)
                .putLong(times.used)
                .putLong(times.refreshAt)
                .putLong(times.stale);
        for (byte[] text : texts) {
            out.putInt(text.length).put(text);
        }
        return out.array();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The session encoded in `octets`, or null when it was encoded by another version of this class.
    static @Nullable Session decoded(byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        try {
            if (in.get() != VERSION) {
                return null;
            }
            Times times = new Times(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
            return new Session(text(in), text(in), text(in), times, new Tokens(text(in), text(in), text(in)));
        } catch (BufferUnderflowException cut) {
            return null;
        }
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }
}
