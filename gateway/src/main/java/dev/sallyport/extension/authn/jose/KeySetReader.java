package dev.sallyport.extension.authn.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads JWK sets (RFC 7517) of public keys: single bad keys are left out with a word of why, private and symmetric
/// keys among them (threats JW-02, JW-19).
@OffLoop("whoever loads keys")
public final class KeySetReader {
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;
    private static final int MOST_KEYS = 100;

    /// SubjectPublicKeyInfo of Ed25519 up to the key itself (RFC 8410 §4).
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    private final SignatureProvider provider;

    public KeySetReader(SignatureProvider provider) {
        this.provider = provider;
    }

    /// What was read.
    ///
    /// @param keys     those that can be used
    /// @param problems why others cannot, one text each
    public record Reading(KeySet keys, List<String> problems) {
        public Reading {
            problems = List.copyOf(problems);
        }
    }

    /// A key that is not used.
    public static final class BadKeyException extends Exception {
        private static final long serialVersionUID = 1L;

        BadKeyException(String message) {
            super(message);
        }
    }

    /// Reads the JWK set that `octets` are.
    ///
    /// @throws BadKeyException they are no JWK set
    public Reading read(byte[] octets) throws BadKeyException {
        Map<String, @Nullable Object> set = StrictJson.object(octets);
        if (set == null || !(set.get("keys") instanceof List<?> list)) {
            throw new BadKeyException("no JWK set (expected: a JSON object with an array `keys`)");
        }
        List<VerificationKey> keys = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            try {
                if (keys.size() == MOST_KEYS) {
                    throw new BadKeyException("beyond the first " + MOST_KEYS);
                }
                VerificationKey key = key(list.get(i));
                if (key != null) {
                    keys.add(key);
                }
            } catch (BadKeyException e) {
                problems.add("keys[" + i + "]: " + e.getMessage());
            }
        }
        return new Reading(new KeySet(keys), problems);
    }

    /// The key that `members` describe, or null when it is for something else than signatures.
    ///
    /// @throws BadKeyException it is none that may be used
    @SuppressWarnings("unchecked") // members of objects have text for names
    public @Nullable VerificationKey key(@Nullable Object members) throws BadKeyException {
        if (!(members instanceof Map<?, ?> map)) {
            throw new BadKeyException("no JWK (expected: a JSON object)");
        }
        try {
            JWK jwk = JWK.parse((Map<String, Object>) map);
            if (jwk.isPrivate()) {
                throw new BadKeyException("a private or symmetric key (expected: a public key)");
            }
            if (!isForVerifying(jwk)) {
                return null;
            }
            Set<Algorithm> algorithms = algorithms(jwk);
            if (algorithms.isEmpty()) {
                throw new BadKeyException("kty " + jwk.getKeyType() + ", alg " + jwk.getAlgorithm()
                        + " (expected: RSA, EC on P-256, P-384"
                        + " or P-521, or OKP on Ed25519, and an algorithm of that kind)");
            }
            String thumbprint = jwk.computeThumbprint().toString();
            return VerificationKey.of(jwk.getKeyID(), thumbprint, algorithms, publicKey(jwk), provider);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            throw new BadKeyException("cannot be read: " + e.getMessage());
        }
    }

    private static boolean isForVerifying(JWK jwk) {
        boolean use = jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean operation =
                jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY);
        return use && operation;
    }

    private static Set<Algorithm> algorithms(JWK jwk) {
        Algorithm.Family family = switch (jwk) {
            case RSAKey _ -> Algorithm.Family.RSA;
            case ECKey ec when ec.getCurve().equals(Curve.P_256) -> Algorithm.Family.P256;
            case ECKey ec when ec.getCurve().equals(Curve.P_384) -> Algorithm.Family.P384;
            case ECKey ec when ec.getCurve().equals(Curve.P_521) -> Algorithm.Family.P521;
            case OctetKeyPair okp when okp.getCurve().equals(Curve.Ed25519) -> Algorithm.Family.ED25519;
            default -> null;
        };
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        String stated = jwk.getAlgorithm() == null ? null : jwk.getAlgorithm().getName();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.family() == family && (stated == null || isStated(algorithm, stated))) {
                algorithms.add(algorithm);
            }
        }
        return algorithms;
    }

    /// `EdDSA` and `Ed25519` are two names of the same thing for a key on that curve.
    private static boolean isStated(Algorithm algorithm, String stated) {
        Algorithm wanted = Algorithm.of(stated);
        return algorithm == wanted
                || (wanted != null
                        && wanted.family() == Algorithm.Family.ED25519
                        && algorithm.family() == Algorithm.Family.ED25519);
    }

    private static PublicKey publicKey(JWK jwk) throws JOSEException, GeneralSecurityException, BadKeyException {
        return switch (jwk) {
            case RSAKey rsa -> {
                int bits = rsa.getModulus().decodeToBigInteger().bitLength();
                if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
                    throw new BadKeyException(
                            "RSA of " + bits + " bits (expected: " + LEAST_RSA_BITS + " to " + MOST_RSA_BITS + ")");
                }
                yield rsa.toRSAPublicKey();
            }
            case ECKey ec -> ec.toECPublicKey();
            case OctetKeyPair okp -> ed25519(okp.getDecodedX());
            default -> throw new BadKeyException("kty " + jwk.getKeyType() + " (expected: RSA, EC or OKP)");
        };
    }

    private static PublicKey ed25519(byte[] x) throws GeneralSecurityException, BadKeyException {
        if (x.length != 32) {
            throw new BadKeyException("Ed25519 of " + x.length + " octets (expected: 32)");
        }
        byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + x.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
