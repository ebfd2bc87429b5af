package dev.sallyport.benchmarks;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.app.process.Lent;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.jwt.JwtConfig;
import dev.sallyport.extension.authn.jwt.JwtFactory;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Tokens of an issuer of the benchmarks' own, and what verifies them.
final class SignedTokens {
    private static final String ISSUER = "https://issuer.benchmark.test";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String algorithm;
    private final KeyPair pair;

    private SignedTokens(String algorithm, KeyPair pair) {
        this.algorithm = algorithm;
        this.pair = pair;
    }

    static SignedTokens of(String algorithm) throws GeneralSecurityException {
        return new SignedTokens(algorithm, pair(algorithm));
    }

    /// The key set of the issuer.
    String jwks() {
        return "{\"keys\":[%s]}".formatted(jwk());
    }

    /// Takes the issuer's tokens; signatures are verified on the caller's thread.
    Authenticator authenticator() throws IOException, PluginException {
        Path keys = Files.createTempFile("jwks", ".json");
        keys.toFile().deleteOnExit();
        Files.writeString(keys, jwks());
        return new JwtFactory(EventLog.SILENT, new VerificationPool(Runnable::run, 10, 10))
                .create(config(keys), new PluginContext("tokens", 1, Lent.inMemory(_ -> null)));
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = switch (algorithm) {
            case "RS256" -> KeyPairGenerator.getInstance("RSA");
            case "ES256" -> KeyPairGenerator.getInstance("EC");
            default -> KeyPairGenerator.getInstance("Ed25519");
        };
        if (!algorithm.equals("EdDSA")) {
            generator.initialize(algorithm.equals("RS256") ? 2048 : 256);
        }
        return generator.generateKeyPair();
    }

    private String jwk() {
        return switch (pair.getPublic()) {
            case RSAPublicKey rsa ->
                "{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"%s\",\"e\":\"AQAB\"}"
                        .formatted(encode(fixed(rsa.getModulus().toByteArray(), 256)));
            case ECPublicKey ec ->
                "{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}"
                        .formatted(
                                encode(fixed(ec.getW().getAffineX().toByteArray(), 32)),
                                encode(fixed(ec.getW().getAffineY().toByteArray(), 32)));
            case EdECPublicKey ed -> {
                byte[] encoded = ed.getEncoded();
                yield "{\"kty\":\"OKP\",\"kid\":\"k\",\"crv\":\"Ed25519\",\"x\":\"%s\"}"
                        .formatted(encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
            }
            default -> throw new IllegalArgumentException(pair.getPublic().getAlgorithm());
        };
    }

    String token() throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims =
                "{\"iss\":\"%s\",\"sub\":\"caller-1\",\"aud\":\"a\",\"iat\":%d,\"exp\":%d,\"jti\":\"1\",\"roles\":[\"reader\"],\"tenant\":\"acme\"}"
                        .formatted(ISSUER, now, now + 7200);
        String text = encode("{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"k\"}"
                        .formatted(algorithm)
                        .getBytes(StandardCharsets.UTF_8))
                + '.'
                + encode(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RS256" -> "SHA256withRSA";
                    case "ES256" -> "SHA256withECDSAinP1363Format";
                    default -> "Ed25519";
                });
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + '.' + encode(signature.sign());
    }

    private static String encode(byte[] octets) {
        return BASE64.encodeToString(octets);
    }

    private static byte[] fixed(byte[] number, int octets) {
        byte[] fixed = new byte[octets];
        int length = Math.min(octets, number.length);
        System.arraycopy(number, number.length - length, fixed, octets - length, length);
        return fixed;
    }

    private static JwtConfig config(Path keys) {
        return new JwtConfig(
                ISSUER,
                new UrlOrFile(null, keys),
                null,
                List.of("a"),
                List.of(),
                null,
                null,
                Duration.ofSeconds(30),
                null,
                List.of(),
                new DpopRules(Duration.ofSeconds(60), Duration.ofSeconds(10), DpopRules.Nonce.OFF, List.of("ES256")),
                new JwtConfig.Replay(false),
                new PrincipalConfig("sub", "roles", Map.of(), "tenant"),
                new JwtConfig.Refresh(Duration.ofMinutes(5), Duration.ofSeconds(15), Duration.ofHours(24)),
                null);
    }
}
