package dev.sallyport.extension.token.signing;

import com.nimbusds.jose.JWSAlgorithm;

/// What the gateway can sign with.
public enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    ES256("ES256", "SHA256withECDSAinP1363Format"),
    /// Ed25519; called `EdDSA` in tokens (RFC 8037).
    EDDSA("EdDSA", "Ed25519");

    private final String word;
    private final String signature;

    SigningAlgorithm(String word, String signature) {
        this.word = word;
        this.signature = signature;
    }

    JWSAlgorithm jws() {
        return JWSAlgorithm.parse(word);
    }

    /// Its name in the Java Cryptography Architecture.
    String signature() {
        return signature;
    }

    /// The name it has in `alg`.
    public String word() {
        return word;
    }
}
