package dev.sallyport.benchmarks.compare;

import dev.sallyport.extension.authn.jose.SignatureProvider;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;

/// Many distinct valid tokens of an RSA and an EC key, one a line, and the public keys in the forms gateways want.
final class Tokens {
    static final String ISSUER = "https://issuer.benchmark.test";
    static final String AUDIENCE = "benchmark";

    /// How many of them are used where tokens were seen before.
    static final int FEW = 10_000;

    /// How many there are: more than twice of what Sallyport remembers (65,536), so that when requests go round over
    /// all of them hardly one
    /// is remembered when it comes again.
    static final int COUNT = 140_000;

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int RSA_BITS = 2048;
    private static final int EC_OCTETS = 32;

    private Tokens() {}

    /// Writes `RS256.txt`, `ES256.txt`, `RS256.pem`, `ES256.pem` and `jwks.json` into `folder`.
    static void write(Path folder) throws IOException {
        try {
            KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(RSA_BITS);
            KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
            ec.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair rsaPair = rsa.generateKeyPair();
            KeyPair ecPair = ec.generateKeyPair();
            tokens(folder, "RS256", rsaPair, "SHA256withRSA");
            tokens(folder, "ES256", ecPair, "SHA256withECDSAinP1363Format");
            Files.writeString(folder.resolve("jwks.json"), """
                    {"keys":[
                      {"kty":"RSA","kid":"RS256","use":"sig","alg":"RS256","n":"%s","e":"%s"},
                      {"kty":"EC","kid":"ES256","use":"sig","alg":"ES256","crv":"P-256","x":"%s","y":"%s"}]}
                    """.formatted(
                            number(((RSAPublicKey) rsaPair.getPublic()).getModulus(), RSA_BITS / 8),
                            number(((RSAPublicKey) rsaPair.getPublic()).getPublicExponent(), 3),
                            number(((ECPublicKey) ecPair.getPublic()).getW().getAffineX(), EC_OCTETS),
                            number(((ECPublicKey) ecPair.getPublic()).getW().getAffineY(), EC_OCTETS)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has RSA and P-256", e);
        }
    }

    private static void tokens(Path folder, String algorithm, KeyPair pair, String signing)
            throws IOException, GeneralSecurityException {
        Files.writeString(
                folder.resolve(algorithm + ".pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        String head = encode("{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}".formatted(algorithm, algorithm));
        long now = Instant.now().getEpochSecond();
        Provider fastest = SignatureProvider.fastest().provider();
        Signature signature =
                fastest == null ? Signature.getInstance(signing) : Signature.getInstance(signing, fastest);
        signature.initSign(pair.getPrivate());
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(algorithm + ".txt"))) {
            for (int i = 0; i < COUNT; i++) {
                String claims = encode(
                        "{\"iss\":\"%s\",\"sub\":\"caller-%d\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%d\",\"roles\":[\"reader\"]}"
                                .formatted(ISSUER, i, AUDIENCE, now, now + 7200, i));
                String signed = head + "." + claims;
                signature.update(signed.getBytes(StandardCharsets.US_ASCII));
                out.write(signed + "." + BASE64.encodeToString(signature.sign()) + "\n");
            }
        }
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String number(BigInteger value, int octets) {
        byte[] signed = value.toByteArray();
        byte[] fixed = new byte[octets];
        int length = Math.min(octets, signed.length);
        System.arraycopy(signed, signed.length - length, fixed, octets - length, length);
        return BASE64.encodeToString(fixed);
    }
}
