package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/// The question whether one certificate is revoked, as the lightweight profile has it (RFC 5019 §2.1): one
/// certificate, named by SHA-1, unsigned.
///
/// @param nonce what the answer must repeat, or null
@OffLoop("virtual threads of the questions")
record OcspRequest(CertID about, @Nullable Extension nonce) {
    private static final ASN1ObjectIdentifier SHA1 = new ASN1ObjectIdentifier("1.3.14.3.2.26");

    /// About `certificate`, which `issuer` issued.
    ///
    /// @param random octets that the answer must repeat (RFC 9654), or null
    static OcspRequest of(X509Certificate certificate, X509Certificate issuer, byte @Nullable [] random)
            throws IOException {
        SubjectPublicKeyInfo key =
                SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded());
        CertID about = new CertID(
                new AlgorithmIdentifier(SHA1, DERNull.INSTANCE),
                new DEROctetString(sha1(certificate.getIssuerX500Principal().getEncoded())),
                new DEROctetString(sha1(key.getPublicKeyData().getOctets())),
                new ASN1Integer(certificate.getSerialNumber()));
        Extension nonce = random == null
                ? null
                : new Extension(
                        OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(random).getEncoded());
        return new OcspRequest(about, nonce);
    }

    /// As it is sent.
    byte[] encoded() throws IOException {
        Extensions extensions = nonce == null ? null : new Extensions(nonce);
        TBSRequest asked = new TBSRequest(null, new DERSequence(new Request(about, null)), extensions);
        return new OCSPRequest(asked, null).getEncoded();
    }

    /// Whether `other` names the same certificate.
    boolean isAbout(CertID other) {
        return about.getHashAlgorithm()
                        .getAlgorithm()
                        .equals(other.getHashAlgorithm().getAlgorithm())
                && about.getIssuerNameHash().equals(other.getIssuerNameHash())
                && about.getIssuerKeyHash().equals(other.getIssuerKeyHash())
                && about.getSerialNumber().equals(other.getSerialNumber());
    }

    /// It names keys and is no protection: who is revoked is signed by stronger ones.
    private static byte[] sha1(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
