package dev.sallyport.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A proof of possession (RFC 9449) as a client makes it, good or with any part changed. Shares no code with what is
/// tested.
public final class TestProof {
    private final TestKey key;
    private final Map<String, String> header = new LinkedHashMap<>();
    private final Map<String, String> claims = new LinkedHashMap<>();

    private TestProof(TestKey key, String algorithm) {
        this.key = key;
        header("typ", text("dpop+jwt"));
        header("alg", text(algorithm));
        header("jwk", "{" + key.material() + "}");
        claim("jti", text(UUID.randomUUID().toString()));
    }

    /// A good proof by `key`, an ES256 one.
    ///
    /// @param issuedAt seconds of the epoch
    public static TestProof of(TestKey key, String method, String uri, String token, long issuedAt) {
        return of(key, "ES256", method, uri, token, issuedAt);
    }

    /// A good proof by `key`.
    public static TestProof of(TestKey key, String algorithm, String method, String uri, String token, long issuedAt) {
        return new TestProof(key, algorithm)
                .claim("htm", text(method))
                .claim("htu", text(uri))
                .claim("iat", Long.toString(issuedAt))
                .claim("ath", text(hash(token)));
    }

    /// Sets a member of the header to the JSON text `value`; null takes it away.
    public TestProof header(String name, @Nullable String value) {
        set(header, name, value);
        return this;
    }

    /// Sets a claim to the JSON text `value`; null takes it away.
    public TestProof claim(String name, @Nullable String value) {
        set(claims, name, value);
        return this;
    }

    private static void set(Map<String, String> members, String name, @Nullable String value) {
        if (value == null) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
    }

    /// The value of the field `DPoP`.
    public String signed() {
        return key.token(object(header), object(claims));
    }

    /// The same, signed by another key than it says.
    public String signedBy(TestKey other) {
        return other.token(object(header), object(claims));
    }

    private static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> text(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /// `text` as JSON; for texts that need no escapes.
    public static String text(String text) {
        return '"' + text + '"';
    }

    /// What `ath` is for `token`.
    public static String hash(String token) {
        return TestKey.base64(sha256(token));
    }

    /// The thumbprint of `key`, an EC one (RFC 7638): what a token bound to it has as `cnf.jkt`.
    public static String thumbprint(TestKey key) {
        String[] parts = key.material().split("\"", -1);
        // kty, its value, crv, its value, x, its value, y, its value
        return TestKey.base64(sha256("{\"crv\":\"" + parts[7] + "\",\"kty\":\"EC\",\"x\":\"" + parts[11] + "\",\"y\":\""
                + parts[15] + "\"}"));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
