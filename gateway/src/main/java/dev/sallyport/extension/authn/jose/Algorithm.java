package dev.sallyport.extension.authn.jose;

import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/// How a JWS may be signed (RFC 7518 §3.1, RFC 8037, RFC 9864). There is no `none`.
public enum Algorithm {
    RS256("RS256", Family.RSA, "SHA256withRSA", 0),
    RS384("RS384", Family.RSA, "SHA384withRSA", 0),
    RS512("RS512", Family.RSA, "SHA512withRSA", 0),
    PS256("PS256", Family.RSA, "RSASSA-PSS", 32),
    PS384("PS384", Family.RSA, "RSASSA-PSS", 48),
    PS512("PS512", Family.RSA, "RSASSA-PSS", 64),
    ES256("ES256", Family.P256, "SHA256withECDSAinP1363Format", 0),
    ES384("ES384", Family.P384, "SHA384withECDSAinP1363Format", 0),
    ES512("ES512", Family.P521, "SHA512withECDSAinP1363Format", 0),
    EDDSA("EdDSA", Family.ED25519, "Ed25519", 0),
    ED25519("Ed25519", Family.ED25519, "Ed25519", 0),
    HS256("HS256", Family.SECRET, "HmacSHA256", 32),
    HS384("HS384", Family.SECRET, "HmacSHA384", 48),
    HS512("HS512", Family.SECRET, "HmacSHA512", 64);

    private final String word;
    private final Family family;
    private final String jcaName;
    private final int hashOctets;

    /// The kind of key an algorithm needs; a key decides its algorithms, never the other way round.
    public enum Family {
        RSA,
        P256,
        P384,
        P521,
        ED25519,
        SECRET
    }

    Algorithm(String word, Family family, String jcaName, int hashOctets) {
        this.word = word;
        this.family = family;
        this.jcaName = jcaName;
        this.hashOctets = hashOctets;
    }

    /// The algorithm whose name is exactly `word`, or null.
    public static @Nullable Algorithm of(String word) {
        return switch (word) {
            case "RS256" -> RS256;
            case "RS384" -> RS384;
            case "RS512" -> RS512;
            case "PS256" -> PS256;
            case "PS384" -> PS384;
            case "PS512" -> PS512;
            case "ES256" -> ES256;
            case "ES384" -> ES384;
            case "ES512" -> ES512;
            case "EdDSA" -> EDDSA;
            case "Ed25519" -> ED25519;
            case "HS256" -> HS256;
            case "HS384" -> HS384;
            case "HS512" -> HS512;
            default -> null;
        };
    }

    /// The name in headers.
    public String word() {
        return word;
    }

    public Family family() {
        return family;
    }

    /// Its name in the Java Cryptography Architecture, where parameters say the rest.
    public String jcaName() {
        return jcaName;
    }

    /// The least octets of a secret (RFC 7518 §3.2).
    int hashOctets() {
        return hashOctets;
    }

    /// What a signature has to be made with besides the key, or null.
    public @Nullable AlgorithmParameterSpec parameters() {
        String digest = "SHA-" + hashOctets * 8;
        return jcaName.equals("RSASSA-PSS")
                ? new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), hashOctets, 1)
                : null;
    }
}
