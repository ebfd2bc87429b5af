package dev.sallyport.api.pem;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of PEM text (RFC 7468); text between them is ignored.
///
/// @param source where the text is from, for messages
public record Pem(String source, List<Block> blocks) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----", Pattern.DOTALL);

    /// The most octets that are read of it.
    public static final int LARGEST = 1 << 20;

    public Pem {
        blocks = List.copyOf(blocks);
    }

    /// One block.
    ///
    /// @param der the decoded octets
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Block(String label, byte[] der) {
        /// Never what is in it.
        @Override
        public String toString() {
            return label;
        }
    }

    /// Reads `octets`.
    ///
    /// @throws PemException they are too many, or hold no block
    public static Pem parse(String source, byte[] octets) throws PemException {
        if (octets.length > LARGEST) {
            throw new PemException(source + ": larger than " + LARGEST + " bytes (expected: a PEM file)");
        }
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(octets, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            blocks.add(new Block(block.group(1), decode(source, block.group(1), block.group(2))));
        }
        if (blocks.isEmpty()) {
            throw new PemException(source + ": holds no PEM block (expected: -----BEGIN …-----)");
        }
        return new Pem(source, blocks);
    }

    private static byte[] decode(String source, String label, String body) throws PemException {
        if (body.contains(":")) {
            throw new PemException(
                    source + ": the block " + label + " is encrypted or has headers (expected: an unencrypted one)");
        }
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new PemException(source + ": the block " + label + " is not valid Base64", e);
        }
    }

    /// The one private key: PKCS #8, PKCS #1 (RSA) or SEC 1 (EC).
    ///
    /// @throws PemException there is none, or it is encrypted or of an unknown form
    public PrivateKey privateKey() throws PemException {
        return PrivateKeys.in(this);
    }

    /// The certificates, at least one.
    ///
    /// @throws PemException there is none, or one cannot be parsed
    public List<X509Certificate> certificates() throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(block.der(), certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new PemException(source + ": holds no certificate (expected: -----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private X509Certificate certificate(byte[] der, int number) throws PemException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new PemException(source + ": certificate " + number + " cannot be parsed: " + e.getMessage(), e);
        }
    }
}
