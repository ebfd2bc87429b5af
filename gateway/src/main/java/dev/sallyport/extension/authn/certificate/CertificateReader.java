package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/// Finds the caller that a certificate names.
final class CertificateReader {
    private static final String TITLE = "Authentication failed";
    private static final Authentication NO_NAME = new Authentication.Unclaimed(Refusal.of(
            401, "certificate-name", TITLE, "The client certificate does not name its holder in exactly one way."));
    private static final Authentication NOT_ALLOWED = new Authentication.Unclaimed(Refusal.of(
            401, "certificate-not-allowed", TITLE, "The holder of the client certificate is not known here."));

    private final String authenticator;
    private final IdSource source;
    private final Set<String> roles;
    private final AllowedIds allowed;

    /// @param authenticator the configured name
    CertificateReader(String authenticator, CertificateConfig.Caller caller, AllowedIds allowed) {
        this.authenticator = authenticator;
        this.source = caller.id();
        this.roles = Set.copyOf(caller.roles());
        this.allowed = allowed;
    }

    /// The caller of a valid certificate; [Authentication.Unclaimed] when this authenticator finds none in it, since
    /// every request of a connection carries the certificate along, whatever else it shows.
    Authentication read(X509Certificate certificate, String thumbprint) {
        List<String> ids = source.in(certificate);
        // one name with a NUL in it is two names to whoever stops reading there (threat TL-04)
        if (ids.size() != 1 || !PrincipalMapping.isId(ids.getFirst())) {
            return NO_NAME;
        }
        String id = ids.getFirst();
        if (!allowed.allow(id)) {
            return NOT_ALLOWED;
        }
        return new Authentication.Proven(new Principal(
                id, authenticator, null, roles, claims(certificate, thumbprint), credential(certificate, thumbprint)));
    }

    private static Claims claims(X509Certificate certificate, String thumbprint) {
        return Claims.of(Map.of(
                "subject", certificate.getSubjectX500Principal().getName(X500Principal.RFC2253),
                "issuer", certificate.getIssuerX500Principal().getName(X500Principal.RFC2253),
                "serial", certificate.getSerialNumber().toString(16),
                "thumbprint", thumbprint,
                "san",
                        Map.of(
                                "uri", IdSource.SAN_URI.in(certificate),
                                "dns", IdSource.SAN_DNS.in(certificate),
                                "email", IdSource.SAN_EMAIL.in(certificate))));
    }

    private static Credential credential(X509Certificate certificate, String thumbprint) {
        return new Credential(
                "client-certificate",
                certificate.getIssuerX500Principal().getName(X500Principal.RFC2253),
                thumbprint,
                null,
                null,
                certificate.getNotBefore().toInstant().getEpochSecond(),
                // a certificate is good up to and including its last second
                certificate.getNotAfter().toInstant().getEpochSecond() + 1);
    }
}
