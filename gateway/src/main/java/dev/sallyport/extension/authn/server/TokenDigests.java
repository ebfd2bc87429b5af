package dev.sallyport.extension.authn.server;

import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.remote.Fingerprint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hashes tokens, with one digest per event loop.
public final class TokenDigests {
    private final MessageDigest[] digests;

    /// @param loops how many event loops there are
    public TokenDigests(int loops) {
        digests = new MessageDigest[loops];
        try {
            for (int i = 0; i < loops; i++) {
                digests[i] = MessageDigest.getInstance("SHA-256");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /// What stands for `token`; on the loop numbered `loop`.
    public Fingerprint of(int loop, ShownToken token) {
        MessageDigest digest = digests[loop];
        digest.update(token.octets(), token.start(), token.end() - token.start());
        return Fingerprint.of(digest);
    }
}
