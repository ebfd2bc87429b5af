package dev.sallyport.extension.token.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One private key and its times: it signs from `begins` until a later key does, and is published until it
/// `expires`.
///
/// @param jwk     with the private part; its `kid` is the thumbprint of the public part (RFC 7638)
/// @param key     the private part, ready for use
/// @param made    when it was made
/// @param begins  from when it signs
/// @param expires when nothing signed by it counts any more; null until another key has taken its place
record SigningKey(
        JWK jwk,
        PrivateKey key,
        SigningAlgorithm algorithm,
        Instant made,
        Instant begins,
        @Nullable Instant expires) {
    /// What stands before the 32 octets of an Ed25519 private key in PKCS #8 (RFC 8410).
    private static final byte[] ED25519_PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    /// What stands before the 32 octets of an Ed25519 public key in its X.509 form (RFC 8410).
    private static final byte[] ED25519_X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_OCTETS = 32;

    /// A new key.
    static SigningKey make(SigningAlgorithm algorithm, Instant now, Instant begins) {
        // a JWK has whole seconds
        Instant made = now.truncatedTo(ChronoUnit.SECONDS);
        Instant from = begins.truncatedTo(ChronoUnit.SECONDS);
        try {
            JWK jwk = switch (algorithm) {
                case ES256 -> es256(made, from);
                case EDDSA -> ed25519(made, from);
            };
            return of(jwk);
        } catch (GeneralSecurityException | JOSEException | ParseException e) {
            throw new IllegalStateException("this Java runtime makes no key for " + algorithm, e);
        }
    }

    private static JWK es256(Instant now, Instant begins) throws GeneralSecurityException, JOSEException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(SigningAlgorithm.ES256.jws())
                .keyIDFromThumbprint()
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(begins))
                .build();
    }

    private static JWK ed25519(Instant now, Instant begins) throws GeneralSecurityException, JOSEException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new OctetKeyPair.Builder(Curve.Ed25519, last32(pair.getPublic().getEncoded()))
                .d(last32(pair.getPrivate().getEncoded()))
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(SigningAlgorithm.EDDSA.jws())
                .keyIDFromThumbprint()
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(begins))
                .build();
    }

    private static Base64URL last32(byte[] encoded) {
        return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length));
    }

    /// A stored key.
    ///
    /// @throws ParseException it is none that this gateway made
    static SigningKey of(JWK jwk) throws ParseException {
        if (!jwk.isPrivate() || jwk.getKeyID() == null || jwk.getNotBeforeTime() == null) {
            throw new ParseException("a key without private part, `kid` or `nbf`", 0);
        }
        try {
            Instant begins = jwk.getNotBeforeTime().toInstant();
            Date made = jwk.getIssueTime();
            Date expires = jwk.getExpirationTime();
            return switch (jwk) {
                case ECKey key
                when key.getCurve().equals(Curve.P_256) ->
                    new SigningKey(
                            jwk,
                            key.toECPrivateKey(),
                            SigningAlgorithm.ES256,
                            made == null ? begins : made.toInstant(),
                            begins,
                            expires == null ? null : expires.toInstant());
                case OctetKeyPair key
                when key.getCurve().equals(Curve.Ed25519) ->
                    new SigningKey(
                            jwk,
                            ed25519(key.getDecodedD()),
                            SigningAlgorithm.EDDSA,
                            made == null ? begins : made.toInstant(),
                            begins,
                            expires == null ? null : expires.toInstant());
                default -> throw new ParseException(jwk.getKeyID() + ": neither P-256 nor Ed25519", 0);
            };
        } catch (GeneralSecurityException | JOSEException e) {
            ParseException wrong = new ParseException(jwk.getKeyID() + ": " + e.getMessage(), 0);
            wrong.initCause(e);
            throw wrong;
        }
    }

    private static PrivateKey ed25519(byte[] d) throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(ED25519_PKCS8, ED25519_PKCS8.length + d.length);
        System.arraycopy(d, 0, encoded, ED25519_PKCS8.length, d.length);
        return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    String id() {
        return jwk.getKeyID();
    }

    /// The same key with an end.
    SigningKey until(Instant end) {
        Date expires = Date.from(end.truncatedTo(ChronoUnit.SECONDS));
        JWK ending = switch (jwk) {
            case ECKey key -> new ECKey.Builder(key).expirationTime(expires).build();
            case OctetKeyPair key ->
                new OctetKeyPair.Builder(key).expirationTime(expires).build();
            default -> throw new IllegalStateException(jwk.getKeyType().getValue());
        };
        return new SigningKey(ending, key, algorithm, made, begins, expires.toInstant());
    }

    /// The signature of `input` as a JWS has it.
    ///
    /// @param provider whose code signs, where it can; null for the JDK's
    byte[] sign(byte[] input, @Nullable Provider provider) throws GeneralSecurityException {
        boolean able = provider != null && provider.getService("Signature", algorithm.signature()) != null;
        Signature signature = able
                ? Signature.getInstance(algorithm.signature(), provider)
                : Signature.getInstance(algorithm.signature());
        signature.initSign(key);
        signature.update(input);
        return signature.sign();
    }

    /// Whether it made `signature` of `input`.
    boolean verifies(byte[] input, byte[] signature) {
        try {
            Signature check = Signature.getInstance(algorithm.signature());
            check.initVerify(publicKey());
            check.update(input);
            return check.verify(signature);
        } catch (GeneralSecurityException | JOSEException malformed) {
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException, JOSEException {
        return switch (jwk) {
            case ECKey ec -> ec.toECPublicKey();
            case OctetKeyPair pair -> {
                byte[] x = pair.getDecodedX();
                byte[] encoded = Arrays.copyOf(ED25519_X509, ED25519_X509.length + x.length);
                System.arraycopy(x, 0, encoded, ED25519_X509.length, x.length);
                yield KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            }
            default -> throw new IllegalStateException(jwk.getKeyType().getValue());
        };
    }

    /// Without the private part.
    @Override
    public String toString() {
        return algorithm.word() + " " + id();
    }
}
