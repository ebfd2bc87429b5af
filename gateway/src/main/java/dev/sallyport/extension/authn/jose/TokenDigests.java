package dev.sallyport.extension.authn.jose;

import dev.sallyport.remote.Fingerprint;
import java.security.MessageDigest;

/// Hashes whole tokens (threat JW-21), with one digest per event loop.
public final class TokenDigests {
    private final MessageDigest[] digests;

    /// @param loops how many event loops there are
    public TokenDigests(int loops) {
        digests = new MessageDigest[loops];
        for (int i = 0; i < loops; i++) {
            digests[i] = Sha256.digest();
        }
    }

    /// What stands for `token`; on the loop numbered `loop`.
    public Fingerprint of(int loop, ShownToken token) {
        MessageDigest digest = digests[loop];
        digest.update(token.octets(), token.start(), token.end() - token.start());
        return Fingerprint.of(digest);
    }
}
