package dev.sallyport.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key of one test's token issuer: signs tokens with any header and payload, good ones and bad ones, and states
/// itself as a JWK. Shares no code with what is tested.
public final class TestKey {
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private final String id;
    private final String algorithm;
    private final KeyPair pair;

    private TestKey(String id, String algorithm, KeyPair pair) {
        this.id = id;
        this.algorithm = algorithm;
        this.pair = pair;
    }

    /// A key called `id` for `algorithm` (`RS256`, `PS512`, `ES384`, `EdDSA`); the same pair of keys in every test
    /// for the same two.
    public static TestKey of(String id, String algorithm) {
        return new TestKey(id, algorithm, PAIRS.computeIfAbsent(algorithm + " " + id, name -> generate(algorithm)));
    }

    private static KeyPair generate(String algorithm) {
        try {
            KeyPairGenerator generator;
            switch (algorithm) {
                case "EdDSA" -> generator = KeyPairGenerator.getInstance("Ed25519");
                case "ES256", "ES384", "ES512" -> {
                    generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp" + bits(algorithm) + "r1"));
                }
                default -> {
                    generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                }
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int bits(String algorithm) {
        return algorithm.equals("ES512") ? 521 : Integer.parseInt(algorithm.substring(2));
    }

    public String id() {
        return id;
    }

    public KeyPair pair() {
        return pair;
    }

    /// A token with this key's `kid` and algorithm and the JSON text `claims`.
    public String token(String claims) {
        return token("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + id + "\",\"typ\":\"JWT\"}", claims);
    }

    /// A token with the JSON texts `header` and `claims`, signed with this key's algorithm, whatever the header says.
    public String token(String header, String claims) {
        String input =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        return input + "." + base64(sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    /// The signature of `input` as a JWS has it.
    public byte[] sign(byte[] input) {
        try {
            Signature signature = Signature.getInstance(jcaName());
            if (algorithm.startsWith("PS")) {
                String digest = "SHA-" + algorithm.substring(2);
                int octets = Integer.parseInt(algorithm.substring(2)) / 8;
                signature.setParameter(new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), octets, 1));
            }
            signature.initSign(pair.getPrivate());
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String jcaName() {
        return switch (algorithm.substring(0, 2)) {
            case "Ed" -> "Ed25519";
            case "ES" -> "SHA" + algorithm.substring(2) + "withECDSAinP1363Format";
            case "PS" -> "RSASSA-PSS";
            default -> "SHA" + algorithm.substring(2) + "withRSA";
        };
    }

    /// The public key as a JWK with `kid` and `use`.
    public String jwk() {
        return "{" + material() + ",\"kid\":\"" + id + "\",\"use\":\"sig\"}";
    }

    /// The members of the public key's JWK that make the key, without braces.
    public String material() {
        return switch (pair.getPublic()) {
            case RSAPublicKey rsa ->
                "\"kty\":\"RSA\",\"n\":\"" + base64(unsigned(rsa.getModulus(), 0)) + "\",\"e\":\""
                        + base64(unsigned(rsa.getPublicExponent(), 0)) + "\"";
            case ECPublicKey ec -> {
                int length = (bits(algorithm) + 7) / 8;
                yield "\"kty\":\"EC\",\"crv\":\"P-" + bits(algorithm) + "\",\"x\":\""
                        + base64(unsigned(ec.getW().getAffineX(), length)) + "\",\"y\":\""
                        + base64(unsigned(ec.getW().getAffineY(), length)) + "\"";
            }
            default -> {
                byte[] encoded = pair.getPublic().getEncoded();
                yield "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                        + base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)) + "\"";
            }
        };
    }

    /// A JWK set of `keys`.
    public static String set(TestKey... keys) {
        return setOf(Arrays.stream(keys).map(TestKey::jwk).toArray(String[]::new));
    }

    /// A JWK set of JWKs as they are.
    public static String setOf(String... jwks) {
        return "{\"keys\":[" + String.join(",", jwks) + "]}";
    }

    /// A token signed with HMAC-SHA-256 and `secret`.
    public static String hmacToken(byte[] secret, String header, String claims) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HMAC"));
            String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + base64(claims.getBytes(StandardCharsets.UTF_8));
            return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] unsigned(BigInteger number, int length) {
        byte[] octets = number.toByteArray();
        int start = octets[0] == 0 ? 1 : 0;
        int count = octets.length - start;
        byte[] out = new byte[Math.max(length, count)];
        System.arraycopy(octets, start, out, out.length - count, count);
        return out;
    }

    public static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
