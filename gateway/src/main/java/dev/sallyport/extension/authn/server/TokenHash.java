package dev.sallyport.extension.authn.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The SHA-256 of a token, which stands for it wherever it is remembered: memory holds no tokens that could leak.
public record TokenHash(long a, long b, long c, long d) {
    /// Hashes tokens, with one digest per event loop.
    public static final class Digests {
        private final MessageDigest[] digests;

        /// @param loops how many event loops there are
        public Digests(int loops) {
            digests = new MessageDigest[loops];
            try {
                for (int i = 0; i < loops; i++) {
                    digests[i] = MessageDigest.getInstance("SHA-256");
                }
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java runtime has SHA-256", e);
            }
        }

        /// The hash of `token`; on the loop numbered `loop`.
        public TokenHash of(int loop, String token) {
            ByteBuffer hash = ByteBuffer.wrap(digests[loop].digest(token.getBytes(StandardCharsets.UTF_8)));
            return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }
}
