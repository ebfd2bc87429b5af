package dev.sallyport.benchmarks.shared;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/// Tokens that may be used once, of an issuer of this benchmark's own.
final class OnceTokens {
    static final String ISSUER = "https://issuer.benchmark.test";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair pair;
    private final AtomicLong serial = new AtomicLong();

    OnceTokens() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        pair = generator.generateKeyPair();
    }

    String jwks() {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        return "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}"
                .formatted(
                        fixed(key.getW().getAffineX().toByteArray()),
                        fixed(key.getW().getAffineY().toByteArray()));
    }

    String next() throws GeneralSecurityException {
        long now = System.currentTimeMillis() / 1000;
        String text = encode("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k\"}")
                + '.'
                + encode("{\"iss\":\"%s\",\"sub\":\"anna\",\"aud\":\"a\",\"iat\":%d,\"exp\":%d,\"jti\":\"%d\"}"
                        .formatted(ISSUER, now, now + 600, serial.incrementAndGet()));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + '.' + BASE64.encodeToString(signature.sign());
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String fixed(byte[] number) {
        byte[] fixed = new byte[32];
        int length = Math.min(fixed.length, number.length);
        System.arraycopy(number, number.length - length, fixed, fixed.length - length, length);
        return BASE64.encodeToString(Arrays.copyOf(fixed, fixed.length));
    }
}
