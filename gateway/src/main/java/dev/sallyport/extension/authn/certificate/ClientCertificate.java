package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// `client-certificate`: the caller is whom the certificate of the connection names. Judged for every request, since
/// a connection may outlive the certificate it began with.
final class ClientCertificate implements Authenticator {
    private static final String TITLE = "Authentication failed";
    private static final Authentication OUT_OF_DATE = new Authentication.BadCredential(
            Refusal.of(401, "certificate-expired", TITLE, "The client certificate has expired or is not valid yet."));
    private static final Authentication REVOKED = new Authentication.BadCredential(
            Refusal.of(401, "certificate-revoked", TITLE, "The client certificate was revoked."));
    private static final Authentication UNKNOWN = new Authentication.BadCredential(Refusal.of(
            503,
            "certificate-revocation-unknown",
            "Access could not be decided",
            "Which certificates are revoked is not known now."));

    private final KnownCertificates known;
    private final RevocationLists lists;
    private final InstantSource clock;
    private final Set<String> roles;

    /// @param roles of every caller
    ClientCertificate(KnownCertificates known, RevocationLists lists, InstantSource clock, Set<String> roles) {
        this.roles = roles;
        this.known = known;
        this.lists = lists;
        this.clock = clock;
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        List<X509Certificate> chain = exchange.connection().certificates();
        if (chain.isEmpty()) {
            return Authentication.NO_CREDENTIAL;
        }
        Instant now = clock.instant();
        if (!isValid(chain, now)) {
            return OUT_OF_DATE;
        }
        return switch (lists.of(chain, now)) {
            case GOOD -> known.find(exchange, now);
            case REVOKED -> REVOKED;
            case UNKNOWN -> UNKNOWN;
        };
    }

    @Override
    public Set<String> roles() {
        return roles;
    }

    private static boolean isValid(List<X509Certificate> chain, Instant now) {
        for (X509Certificate certificate : chain) {
            if (now.isBefore(certificate.getNotBefore().toInstant())
                    || now.isAfter(certificate.getNotAfter().toInstant())) {
                return false;
            }
        }
        return true;
    }

    /// It travels with the connection, in no field.
    @Override
    public Set<String> credentialFields() {
        return Set.of();
    }

    @Override
    public boolean needsClientCertificate() {
        return true;
    }
}
