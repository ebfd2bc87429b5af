package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.Doc;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// Where in a certificate a caller's id stands. Names keep their types: a DNS name is never taken for a URI.
public enum IdSource {
    @Doc("A URI of the subject alternative name, such as a SPIFFE id.")
    SAN_URI("san.uri"),
    @Doc("A DNS name of the subject alternative name.")
    SAN_DNS("san.dns"),
    @Doc("A mail address of the subject alternative name.")
    SAN_EMAIL("san.email"),
    @Doc("The whole subject as text (RFC 2253), such as `CN=billing,O=Example`.")
    SUBJECT("subject"),
    @Doc("The common name in the subject.")
    SUBJECT_CN("subject.cn"),
    @Doc("The SHA-256 of the certificate, in base64url.")
    THUMBPRINT("thumbprint");

    /// RFC 5280 §4.2.1.6 GeneralName.
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    private final String word;

    IdSource(String word) {
        this.word = word;
    }

    /// All that `certificate` has of this kind; DNS names in lower case.
    List<String> in(X509Certificate certificate) {
        return switch (this) {
            case SAN_URI -> names(certificate, URI);
            case SAN_DNS ->
                names(certificate, DNS).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList();
            case SAN_EMAIL -> names(certificate, EMAIL);
            case SUBJECT -> List.of(subject(certificate));
            case SUBJECT_CN -> commonNames(certificate);
            case THUMBPRINT -> List.of(Thumbprint.of(certificate));
        };
    }

    private static List<String> names(X509Certificate certificate, int type) {
        List<String> found = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.get(0).equals(type) && name.get(1) instanceof String text) {
                        found.add(text);
                    }
                }
            }
        } catch (CertificateParsingException malformed) {
            return List.of();
        }
        return found;
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    }

    private static List<String> commonNames(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(subject(certificate)).getRdns()) {
                // a part of several attributes is no plain common name
                if (rdn.size() == 1 && rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String name) {
                    found.add(name);
                }
            }
        } catch (InvalidNameException malformed) {
            return List.of();
        }
        return found;
    }

    @Override
    public String toString() {
        return word;
    }
}
