package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The certificate the client proved in the handshake.
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class CertificateFacts extends Facts {
    static final StructType TYPE = type(
            "Certificate",
            Map.of(
                    "subject", SimpleType.STRING,
                    "issuer", SimpleType.STRING,
                    "serial", SimpleType.STRING,
                    "dns", ListType.create(SimpleType.STRING),
                    "uri", ListType.create(SimpleType.STRING),
                    "email", ListType.create(SimpleType.STRING),
                    "fingerprint", SimpleType.STRING,
                    "not_after", SimpleType.TIMESTAMP));

    /// Kinds of GeneralName (RFC 5280 §4.2.1.6).
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    private final X509Certificate certificate;

    CertificateFacts(X509Certificate certificate) {
        super(TYPE);
        this.certificate = certificate;
    }

    @Override
    @Nullable
    Object field(String name) {
        return switch (name) {
            case "subject" -> certificate.getSubjectX500Principal().getName();
            case "issuer" -> certificate.getIssuerX500Principal().getName();
            case "serial" -> certificate.getSerialNumber().toString(16);
            case "dns" -> names(DNS);
            case "uri" -> names(URI);
            case "email" -> names(EMAIL);
            case "fingerprint" -> fingerprint();
            case "not_after" -> certificate.getNotAfter().toInstant();
            default -> null;
        };
    }

    private List<String> names(int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all == null) {
                return List.of();
            }
            List<String> names = new ArrayList<>(all.size());
            for (List<?> one : all) {
                if (one.get(0) instanceof Integer found && found == kind && one.get(1) instanceof String name) {
                    names.add(name);
                }
            }
            return names;
        } catch (CertificateParsingException e) {
            throw new NoValue("the names of the client's certificate cannot be read");
        }
    }

    private String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new NoValue("the client's certificate has no fingerprint");
        }
    }
}
