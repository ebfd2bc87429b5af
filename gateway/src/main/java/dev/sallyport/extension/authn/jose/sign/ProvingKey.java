package dev.sallyport.extension.authn.jose.sign;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.pem.Pem;
import dev.sallyport.api.pem.PemException;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.Base64Url;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A private key with which its holder proves itself: signs JWTs by the one algorithm that it is for.
@OffLoop("commands and virtual threads")
public final class ProvingKey {
    private static final byte[] ED25519_PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final byte[] ED25519_X509 = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final int LEAST_RSA_BITS = 2048;
    private static final String KINDS =
            " (expected: RSA of at least " + LEAST_RSA_BITS + " bits, EC on P-256, P-384 or P-521, or Ed25519)";

    private final @Nullable JWK jwk;
    private final PrivateKey key;
    private final Algorithm algorithm;

    private ProvingKey(@Nullable JWK jwk, PrivateKey key, Algorithm algorithm) {
        this.jwk = jwk;
        this.key = key;
        this.algorithm = algorithm;
    }

    /// A new key on P-256.
    public static ProvingKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            JWK jwk = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                    .privateKey(pair.getPrivate())
                    .keyUse(KeyUse.SIGNATURE)
                    .build();
            return new ProvingKey(jwk, pair.getPrivate(), Algorithm.ES256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime makes keys on P-256", e);
        }
    }

    /// The key that a file holds: a JWK, or PEM.
    ///
    /// @param source the file's name, for messages
    /// @throws IllegalArgumentException it holds none that can sign; the message repeats nothing of it
    public static ProvingKey read(String source, byte[] octets) {
        int first = 0;
        while (first < octets.length && Character.isWhitespace(octets[first])) {
            first++;
        }
        if (first < octets.length && octets[first] == '{') {
            try {
                return ofJwk(octets);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
            }
        }
        try {
            PrivateKey key = Pem.parse(source, octets).privateKey();
            return new ProvingKey(null, key, algorithm(source, key));
        } catch (PemException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Algorithm algorithm(String source, PrivateKey key) {
        return switch (key) {
            case RSAPrivateKey rsa when rsa.getModulus().bitLength() >= LEAST_RSA_BITS -> Algorithm.RS256;
            case ECPrivateKey ec when Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams())) -> Algorithm.ES256;
            case ECPrivateKey ec when Curve.P_384.equals(Curve.forECParameterSpec(ec.getParams())) -> Algorithm.ES384;
            case ECPrivateKey ec when Curve.P_521.equals(Curve.forECParameterSpec(ec.getParams())) -> Algorithm.ES512;
            case EdECPrivateKey ed
            when NamedParameterSpec.ED25519.getName().equals(ed.getParams().getName()) -> Algorithm.EDDSA;
            default -> throw new IllegalArgumentException(source + ": a key of the kind " + key.getAlgorithm() + KINDS);
        };
    }

    /// The key that `octets`, a JWK, describe.
    ///
    /// @throws IllegalArgumentException they describe none that can sign; the message repeats nothing of it
    public static ProvingKey ofJwk(byte[] octets) {
        Map<String, @Nullable Object> members = StrictJson.object(octets);
        if (members == null) {
            throw new IllegalArgumentException("no JWK (expected: a JSON object)");
        }
        try {
            JWK jwk = JWK.parse(members);
            if (!jwk.isPrivate()) {
                throw new IllegalArgumentException("a public key (expected: a private one)");
            }
            if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
                throw new IllegalArgumentException("use " + jwk.getKeyUse() + " (expected: sig)");
            }
            ProvingKey key = new ProvingKey(jwk, privateKey(jwk), algorithm(jwk));
            key.checkBothParts(jwk);
            return key;
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            // what a parser says may hold parts of the key
            throw new IllegalArgumentException("cannot be read (expected: a private JWK)");
        }
    }

    /// By its kind; for RSA what `alg` says, or RS256, which every server knows.
    private static Algorithm algorithm(JWK jwk) {
        Algorithm own = switch (jwk) {
            case RSAKey rsa when rsa.size() >= LEAST_RSA_BITS -> Algorithm.RS256;
            case ECKey ec when ec.getCurve().equals(Curve.P_256) -> Algorithm.ES256;
            case ECKey ec when ec.getCurve().equals(Curve.P_384) -> Algorithm.ES384;
            case ECKey ec when ec.getCurve().equals(Curve.P_521) -> Algorithm.ES512;
            case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) -> Algorithm.EDDSA;
            default ->
                throw new IllegalArgumentException("kty " + jwk.getKeyType() + " of " + jwk.size() + " bits" + KINDS);
        };
        if (jwk.getAlgorithm() == null) {
            return own;
        }
        Algorithm said = Algorithm.of(jwk.getAlgorithm().getName());
        if (said == null || said.family() != own.family()) {
            throw new IllegalArgumentException("alg " + jwk.getAlgorithm()
                    + " (expected: one for signing with this key, such as " + own.word() + ")");
        }
        return said;
    }

    private static PrivateKey privateKey(JWK jwk) throws JOSEException, GeneralSecurityException {
        return switch (jwk) {
            case RSAKey rsa -> rsa.toPrivateKey();
            case ECKey ec -> ec.toECPrivateKey();
            case OctetKeyPair pair ->
                KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(joined(ED25519_PKCS8, pair.getDecodedD())));
            default -> throw new IllegalArgumentException("kty " + jwk.getKeyType() + " (expected: RSA, EC or OKP)");
        };
    }

    private static PublicKey publicKey(JWK jwk) throws JOSEException, GeneralSecurityException {
        return switch (jwk) {
            case RSAKey rsa -> rsa.toPublicKey();
            case ECKey ec -> ec.toECPublicKey();
            case OctetKeyPair pair ->
                KeyFactory.getInstance("Ed25519")
                        .generatePublic(new X509EncodedKeySpec(joined(ED25519_X509, pair.getDecodedX())));
            default -> throw new IllegalStateException(String.valueOf(jwk.getKeyType()));
        };
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /// A file put together by hand may hold halves of two keys, and nothing it signs would be believed.
    private void checkBothParts(JWK whole) throws JOSEException, GeneralSecurityException {
        byte[] input = algorithm.word().getBytes(StandardCharsets.US_ASCII);
        Signature check = signature();
        check.initVerify(publicKey(whole));
        check.update(input);
        if (!check.verify(sign(input))) {
            throw new IllegalArgumentException("its public part is of another key");
        }
    }

    private Signature signature() throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm.jcaName());
        AlgorithmParameterSpec parameters = algorithm.parameters();
        if (parameters != null) {
            signature.setParameter(parameters);
        }
        return signature;
    }

    private byte[] sign(byte[] input) throws GeneralSecurityException {
        Signature signature = signature();
        signature.initSign(key);
        signature.update(input);
        return signature.sign();
    }

    /// `kid`, or null.
    public @Nullable String id() {
        return jwk == null ? null : jwk.getKeyID();
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /// The public part, as it stands in a header; PEM does not tell it.
    ///
    /// @throws IllegalStateException the key was no JWK
    public Map<String, Object> publicJwk() {
        return new LinkedHashMap<>(whole().toPublicJWK().getRequiredParams());
    }

    private JWK whole() {
        if (jwk == null) {
            throw new IllegalStateException("a key that was read from PEM");
        }
        return jwk;
    }

    /// The key with its private part, as a file's text.
    public byte[] text() {
        return (whole().toJSONString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// A JWT in its compact form; `alg` is put into the header.
    ///
    /// @param claims values as JSON has them: text, number, truth, `List`, `Map`
    public String sign(Map<String, ?> header, Map<String, ?> claims) {
        Map<String, Object> whole = new LinkedHashMap<>(header);
        whole.put("alg", algorithm.word());
        String input = part(whole) + "." + part(claims);
        try {
            return input + "." + Base64Url.encode(sign(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that signed once", e);
        }
    }

    private static String part(Map<String, ?> members) {
        return Base64Url.encode(JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8));
    }

    /// Without the private part.
    @Override
    public String toString() {
        return algorithm.word() + " " + id();
    }
}
