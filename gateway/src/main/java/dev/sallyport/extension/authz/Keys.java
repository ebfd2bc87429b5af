package dev.sallyport.extension.authz;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.remote.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Makes what decisions are remembered by: the caller's credential, and all that the server is told (threat AZ-06).
/// What
/// the configuration makes of a request is part of what is told, so a reload needs no mention. One digest per event
/// loop.
final class Keys {
    private final MessageDigest[] digests;
    private final ByteBuffer[] numbers;

    Keys(int loops) {
        digests = new MessageDigest[loops];
        numbers = new ByteBuffer[loops];
        try {
            for (int i = 0; i < loops; i++) {
                digests[i] = MessageDigest.getInstance("SHA-256");
                numbers[i] = ByteBuffer.allocate(Long.BYTES);
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    Fingerprint of(Exchange exchange, byte[] question) {
        MessageDigest digest = digests[exchange.loop()];
        ByteBuffer number = numbers[exchange.loop()];
        Principal caller = exchange.principal();
        if (caller == null) {
            add(digest, number, null);
        } else {
            add(digest, number, caller.id());
            add(digest, number, caller.authenticator());
            add(digest, number, caller.tenant());
            Credential credential = caller.credential();
            add(digest, number, credential.kind());
            add(digest, number, credential.issuer());
            add(digest, number, credential.id());
            add(digest, number, credential.client());
            add(digest, number, credential.key());
            add(digest, number, credential.issuedAt());
            add(digest, number, credential.expiresAt());
        }
        digest.update(question);
        return Fingerprint.of(digest);
    }

    /// Each text after its length, so that no two lists of texts look alike.
    private static void add(MessageDigest digest, ByteBuffer number, @Nullable String text) {
        if (text == null) {
            add(digest, number, -1);
            return;
        }
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        add(digest, number, octets.length);
        digest.update(octets);
    }

    private static void add(MessageDigest digest, ByteBuffer number, long value) {
        digest.update(number.clear().putLong(value).flip());
    }
}
