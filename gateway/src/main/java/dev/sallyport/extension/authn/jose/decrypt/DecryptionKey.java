package dev.sallyport.extension.authn.jose.decrypt;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A key that tokens are encrypted to, and the algorithms it may be used for: of its kind only, never RSA1_5 or a
/// password (threats JW-14, JW-16).
final class DecryptionKey {
    private static final Set<JWEAlgorithm> AGREEMENT = Set.of(
            JWEAlgorithm.ECDH_ES,
            JWEAlgorithm.ECDH_ES_A128KW,
            JWEAlgorithm.ECDH_ES_A192KW,
            JWEAlgorithm.ECDH_ES_A256KW);
    private static final Set<EncryptionMethod> METHODS = Set.of(
            EncryptionMethod.A128CBC_HS256,
            EncryptionMethod.A192CBC_HS384,
            EncryptionMethod.A256CBC_HS512,
            EncryptionMethod.A128GCM,
            EncryptionMethod.A192GCM,
            EncryptionMethod.A256GCM);
    private static final int LEAST_RSA_BITS = 2048;

    private final @Nullable String id;
    private final @Nullable String thumbprint;
    private final Map<JWEAlgorithm, JWEDecrypter> decrypters = new HashMap<>();

    /// The key that `jwk` describes.
    ///
    /// @throws IllegalArgumentException it is none that tokens can be decrypted with
    DecryptionKey(JWK jwk) {
        id = jwk.getKeyID();
        thumbprint = jwk instanceof OctetSequenceKey ? null : thumbprint(jwk);
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.ENCRYPTION)) {
            throw new IllegalArgumentException("use " + jwk.getKeyUse() + " (expected: enc)");
        }
        try {
            switch (jwk) {
                case RSAKey rsa -> rsa(rsa);
                case ECKey ec -> agreement(ec);
                case OctetSequenceKey secret -> secret(secret);
                default ->
                    throw new IllegalArgumentException("kty " + jwk.getKeyType() + " (expected: RSA, EC or oct)");
            }
        } catch (JOSEException e) {
            throw new IllegalArgumentException("cannot be used: " + e.getMessage(), e);
        }
        if (jwk.getAlgorithm() != null) {
            decrypters
                    .keySet()
                    .removeIf(algorithm ->
                            !algorithm.getName().equals(jwk.getAlgorithm().getName()));
        }
        if (decrypters.isEmpty()) {
            throw new IllegalArgumentException("alg " + jwk.getAlgorithm() + " (expected: one for decrypting with this"
                    + " key: RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, A128KW, A128GCMKW, dir or the like)");
        }
    }

    private static String thumbprint(JWK jwk) {
        try {
            return jwk.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalArgumentException("cannot be used: " + e.getMessage(), e);
        }
    }

    private void rsa(RSAKey key) throws JOSEException {
        int bits = key.getModulus().decodeToBigInteger().bitLength();
        if (bits < LEAST_RSA_BITS || !key.isPrivate()) {
            throw new IllegalArgumentException("RSA of " + bits + " bits, " + (key.isPrivate() ? "private" : "public")
                    + " (expected: a private key of at least " + LEAST_RSA_BITS + ")");
        }
        decrypters.put(JWEAlgorithm.RSA_OAEP_256, new RSADecrypter(key));
    }

    private void agreement(ECKey key) throws JOSEException {
        boolean fit = Set.of(Curve.P_256, Curve.P_384, Curve.P_521).contains(key.getCurve());
        if (!fit || !key.isPrivate()) {
            throw new IllegalArgumentException("EC on " + key.getCurve() + ", "
                    + (key.isPrivate() ? "private" : "public") + " (expected: a private key on P-256, P-384 or P-521)");
        }
        JWEDecrypter decrypter = new ECDHDecrypter(key);
        AGREEMENT.forEach(algorithm -> decrypters.put(algorithm, decrypter));
    }

    private void secret(OctetSequenceKey key) throws JOSEException {
        int bits = key.toByteArray().length * 8;
        JWEAlgorithm wrap = switch (bits) {
            case 128 -> JWEAlgorithm.A128KW;
            case 192 -> JWEAlgorithm.A192KW;
            case 256 -> JWEAlgorithm.A256KW;
            default -> null;
        };
        if (wrap != null) {
            JWEDecrypter decrypter = new AESDecrypter(key);
            decrypters.put(wrap, decrypter);
            decrypters.put(JWEAlgorithm.parse(wrap.getName().replace("KW", "GCMKW")), decrypter);
        }
        if (METHODS.stream().anyMatch(method -> method.cekBitLength() == bits)) {
            decrypters.put(JWEAlgorithm.DIR, new DirectDecrypter(key));
        }
        if (decrypters.isEmpty()) {
            throw new IllegalArgumentException(bits + " bits (expected: 128, 192, 256, 384 or 512)");
        }
    }

    /// `kid`, or null.
    @Nullable
    String id() {
        return id;
    }

    /// What it is called among keys: its `kid`, else a thumbprint (RFC 7638); of a secret nothing is told.
    String name() {
        return id != null ? id : thumbprint != null ? thumbprint : "secret";
    }

    /// The names of what it decrypts.
    List<String> algorithms() {
        return decrypters.keySet().stream().map(JWEAlgorithm::getName).sorted().toList();
    }

    /// What decrypts tokens of this algorithm and method, or null.
    @Nullable
    JWEDecrypter decrypter(JWEAlgorithm algorithm, EncryptionMethod method) {
        return METHODS.contains(method) ? decrypters.get(algorithm) : null;
    }
}
