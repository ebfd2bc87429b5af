package dev.sallyport.extension.authn.jose;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A token in compact form, read as strictly as it can be: a JWS of exactly three parts, a JWE of exactly five, or
/// what is wrong with it. That it is well-formed says nothing of who made it.
///
/// Confined to nobody; the arrays are not copied and must not be modified.
public sealed interface CompactToken {
    /// Octets accepted of a token.
    int LARGEST = 8 * 1024;

    /// A signed token (RFC 7515), not yet verified.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Jws(JoseHeader header, byte[] token, int signedLength, byte[] payload, byte[] signature)
            implements CompactToken {
        /// The members of the payload, or null when it is no JSON object.
        public @Nullable Map<String, @Nullable Object> members() {
            return StrictJson.object(payload);
        }

        /// The payload as claims, or null when it is no JSON object.
        public @Nullable Claims claims() {
            Map<String, @Nullable Object> members = members();
            return members == null ? null : Claims.of(members);
        }

        /// Whether `key` made the signature with the header's algorithm; never true of an algorithm that the key is
        /// not for.
        public boolean verifies(VerificationKey key) {
            Algorithm algorithm = Algorithm.of(header.algorithm());
            return algorithm != null && key.verify(algorithm, token, signedLength, signature);
        }
    }

    /// An encrypted token (RFC 7516).
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Jwe(JoseHeader header, byte[] token, byte[] encryptedKey, byte[] iv, byte[] cipherText, byte[] tag)
            implements CompactToken {}

    /// Neither.
    record Malformed(TokenFault fault) implements CompactToken {}

    /// Reads `text`.
    static CompactToken read(String text, JoseHeader.Rules rules) {
        return read(text.getBytes(StandardCharsets.UTF_8), rules);
    }

    /// Reads `token`, which is kept.
    static CompactToken read(byte[] token, JoseHeader.Rules rules) {
        if (token.length > LARGEST) {
            return new Malformed(TokenFault.TOO_LARGE);
        }
        int[] dots = new int[5];
        int count = 0;
        for (int i = 0; i < token.length; i++) {
            if (token[i] == '.') {
                if (count == 4) {
                    return new Malformed(TokenFault.OPAQUE);
                }
                dots[count++] = i;
            }
        }
        dots[count] = token.length;
        if (count != 2 && count != 4) {
            return new Malformed(TokenFault.OPAQUE);
        }
        byte[] head = Base64Url.decode(token, 0, dots[0]);
        if (head == null) {
            return new Malformed(TokenFault.MALFORMED);
        }
        JoseHeader header = JoseHeader.read(head, count == 4, rules);
        if (header == null) {
            return new Malformed(TokenFault.HEADER);
        }
        return count == 2 ? signed(header, token, dots) : encrypted(header, token, dots);
    }

    private static CompactToken signed(JoseHeader header, byte[] token, int[] dots) {
        byte[] payload = part(token, dots, 1);
        byte[] signature = part(token, dots, 2);
        return payload == null || signature == null
                ? new Malformed(TokenFault.MALFORMED)
                : new Jws(header, token, dots[1], payload, signature);
    }

    private static CompactToken encrypted(JoseHeader header, byte[] token, int[] dots) {
        byte[] key = part(token, dots, 1);
        byte[] iv = part(token, dots, 2);
        byte[] text = part(token, dots, 3);
        byte[] tag = part(token, dots, 4);
        return key == null || iv == null || text == null || tag == null
                ? new Malformed(TokenFault.MALFORMED)
                : new Jwe(header, token, key, iv, text, tag);
    }

    private static byte @Nullable [] part(byte[] token, int[] dots, int index) {
        return Base64Url.decode(token, dots[index - 1] + 1, dots[index]);
    }
}
