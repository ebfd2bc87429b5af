package dev.sallyport.dataplane.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// A certificate chain with the private key of its first certificate, found to fit together (threat TL-11).
///
/// @param source where it was read, for messages and metrics
/// @param chain  the certificate, then the intermediates that lead towards the root
/// @param key    of the first certificate
public record KeyPairCertificate(String source, List<X509Certificate> chain, PrivateKey key) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MIN_RSA_BITS = 2048;

    public KeyPairCertificate {
        chain = List.copyOf(chain);
    }

    /// Checks that chain and key fit together and that all of the chain is valid at `now`.
    ///
    /// @throws TlsException saying what does not fit
    public static KeyPairCertificate of(String source, List<X509Certificate> chain, PrivateKey key, Instant now)
            throws TlsException {
        if (chain.isEmpty()) {
            throw new TlsException(source + ": holds no certificate");
        }
        PublicKey publicKey = chain.getFirst().getPublicKey();
        checkStrength(source, publicKey);
        if (!belongTogether(publicKey, key)) {
            throw new TlsException(source + ": the private key is not the one of the certificate for "
                    + chain.getFirst().getSubjectX500Principal().getName());
        }
        for (int i = 0; i < chain.size(); i++) {
            checkValidity(source, i, chain.get(i), now);
            if (i > 0) {
                checkIssued(source, i, chain.get(i - 1), chain.get(i));
            }
        }
        return new KeyPairCertificate(source, chain, key);
    }

    private static void checkStrength(String source, PublicKey key) throws TlsException {
        switch (key) {
            case RSAPublicKey rsa -> {
                int bits = rsa.getModulus().bitLength();
                if (bits < MIN_RSA_BITS) {
                    throw new TlsException(source + ": an RSA key of " + bits + " bits (expected: " + MIN_RSA_BITS
                            + " or more, or an EC key)");
                }
            }
            case ECPublicKey ec -> {}
            default ->
                throw new TlsException(source + ": a key of the kind " + key.getAlgorithm() + " (expected: EC or RSA)");
        }
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey key) throws TlsException {
        if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        byte[] sample = {1, 2, 3};
        try {
            String algorithm = publicKey instanceof RSAPublicKey ? "SHA256withRSA" : "SHA256withECDSA";
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new TlsException("the private key cannot sign: " + e.getMessage(), e);
        }
    }

    private static void checkValidity(String source, int index, X509Certificate certificate, Instant now)
            throws TlsException {
        String which = source + ": certificate " + (index + 1) + ", for "
                + certificate.getSubjectX500Principal().getName() + ",";
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new TlsException(
                    which + " expired at " + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new TlsException(
                    which + " is not valid before " + certificate.getNotBefore().toInstant());
        }
    }

    private static void checkIssued(String source, int index, X509Certificate subject, X509Certificate issuer)
            throws TlsException {
        try {
            subject.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new TlsException(
                    source + ": certificate " + index + " is not signed by certificate " + (index + 1)
                            + " (expected: the certificate, then each one's issuer)",
                    e);
        }
    }

    /// When the first certificate of the chain to expire does so.
    public Instant expiry() {
        Instant first = Instant.MAX;
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }

    /// The DNS names it is for (RFC 9525: subject alternative names only), in lower case.
    public List<String> serverNames() {
        return alternativeNames(DNS_NAME);
    }

    boolean hasAddress() {
        return !alternativeNames(IP_ADDRESS).isEmpty();
    }

    boolean isEc() {
        return chain.getFirst().getPublicKey() instanceof ECPublicKey;
    }

    private List<String> alternativeNames(int type) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = chain.getFirst().getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> name : alternatives) {
                    if (name.getFirst().equals(type) && name.get(1) instanceof String text) {
                        names.add(text.toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            // names that cannot be read are names it is not for
        }
        return names;
    }
}
