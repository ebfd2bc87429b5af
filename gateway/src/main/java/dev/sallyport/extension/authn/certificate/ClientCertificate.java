package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// `client-certificate`: the caller is whom the certificate of the connection names. Judged for every request, since
/// a connection may outlive the certificate it began with.
final class ClientCertificate implements Authenticator, Revocations, LongLived, MetricSource {
    private static final String TITLE = "Authentication failed";
    private static final Authentication OUT_OF_DATE = new Authentication.BadCredential(
            Refusal.of(401, "certificate-expired", TITLE, "The client certificate has expired or is not valid yet."));
    static final Authentication REVOKED = new Authentication.BadCredential(
            Refusal.of(401, "certificate-revoked", TITLE, "The client certificate was revoked."));
    static final Refusal REVOCATION_UNKNOWN = Refusal.of(
            503,
            "certificate-revocation-unknown",
            "Access could not be decided",
            "Which certificates are revoked is not known now.");
    static final Authentication UNKNOWN = new Authentication.BadCredential(REVOCATION_UNKNOWN);

    private final String name;
    private final KnownCertificates known;
    private final RevocationLists lists;
    private final @Nullable Ocsp ocsp;
    private final InstantSource clock;
    private final Set<String> roles;

    /// @param name of the authenticator
    /// @param ocsp who is asked besides the lists, or null
    /// @param roles of every caller
    ClientCertificate(
            String name,
            KnownCertificates known,
            RevocationLists lists,
            @Nullable Ocsp ocsp,
            InstantSource clock,
            Set<String> roles) {
        this.name = name;
        this.roles = roles;
        this.known = known;
        this.lists = lists;
        this.ocsp = ocsp;
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
            case GOOD -> asked(exchange, known.find(exchange, now));
            case REVOKED -> REVOKED;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /// Has the responder asked about whoever is proven: about nobody else, so that only authorities that are trusted
    /// can make the gateway ask.
    private Authentication asked(Exchange exchange, Authentication found) {
        Ocsp responder = ocsp;
        if (responder == null) {
            return found;
        }
        if (found instanceof Authentication.Await(CompletionStage<Authentication> later)) {
            return new Authentication.Await(later.thenApplyAsync(proven -> asked(exchange, proven), exchange::execute));
        }
        return found instanceof Authentication.Proven proven ? responder.judge(exchange, proven) : found;
    }

    /// What the responder said of a certificate meanwhile counts for exchanges that go on too.
    @Override
    public Standing standing(Principal principal) {
        Ocsp responder = ocsp;
        return responder != null && responder.revoked(principal) ? Standing.REVOKED : Standing.GOOD;
    }

    @Override
    public CompletionStage<?> start() {
        return CompletableFuture.completedStage(true);
    }

    @Override
    public void close() {
        if (ocsp != null) {
            ocsp.close();
        }
    }

    @Override
    public void collect(MetricSink sink) {
        if (ocsp != null) {
            ocsp.collect(sink, name);
        }
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
