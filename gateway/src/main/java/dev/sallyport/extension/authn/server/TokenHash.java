package dev.sallyport.extension.authn.server;

import dev.sallyport.extension.authn.jose.ShownToken;
import java.nio.ByteBuffer;
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
        public TokenHash of(int loop, ShownToken token) {
            MessageDigest digest = digests[loop];
            digest.update(token.octets(), token.start(), token.end() - token.start());
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }
}
