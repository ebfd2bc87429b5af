package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// What was found out about certificates, for minutes: a path is validated once and not for every request. Whether a
/// certificate has expired or was revoked is not remembered.
final class KnownCertificates {
    private static final int MOST = 10_000;
    private static final long KEPT_SECONDS = 300;

    private static final Authentication NOT_TRUSTED = new Authentication.Unclaimed(Refusal.of(
            401,
            "certificate-not-trusted",
            "Authentication failed",
            "The client certificate is of no authority that is trusted here."));

    private final CertificateReader reader;
    private final @Nullable X509TrustManager paths;
    private final VerificationPool pool;
    private final int most;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Authentication found, long until) {}

    /// @param paths what validates paths to authorities, or null to leave that to the handshake
    KnownCertificates(CertificateReader reader, @Nullable X509TrustManager paths, VerificationPool pool) {
        this(reader, paths, pool, MOST);
    }

    /// @param most certificates remembered
    KnownCertificates(CertificateReader reader, @Nullable X509TrustManager paths, VerificationPool pool, int most) {
        this.reader = reader;
        this.paths = paths;
        this.pool = pool;
        this.most = most;
    }

    /// Whom the certificates of the exchange's connection prove.
    Authentication find(Exchange exchange, Instant now) {
        List<X509Certificate> chain = exchange.connection().certificates();
        String thumbprint = Thumbprint.of(chain.getFirst());
        long second = now.getEpochSecond();
        Known before = known.get(thumbprint);
        if (before != null && before.until > second) {
            return before.found;
        }
        X509TrustManager validator = paths;
        if (validator == null) {
            return remember(thumbprint, reader.read(chain.getFirst(), thumbprint), second);
        }
        VerificationPool.Taken<Authentication> taken =
                pool.submit(exchange.clientAddress(), () -> validated(validator, chain, thumbprint, second));
        return switch (taken) {
            case VerificationPool.Taken.Wont<Authentication> busy -> new Authentication.BadCredential(busy.refusal());
            case VerificationPool.Taken.Will<Authentication> will -> new Authentication.Await(will.result());
        };
    }

    private Authentication validated(
            X509TrustManager validator, List<X509Certificate> chain, String thumbprint, long second) {
        X509Certificate certificate = chain.getFirst();
        Authentication found;
        try {
            validator.checkClientTrusted(
                    chain.toArray(X509Certificate[]::new),
                    certificate.getPublicKey().getAlgorithm());
            found = reader.read(certificate, thumbprint);
        } catch (CertificateException untrusted) {
            found = NOT_TRUSTED;
        }
        return remember(thumbprint, found, second);
    }

    private Authentication remember(String thumbprint, Authentication found, long second) {
        if (known.size() >= most) {
            known.values().removeIf(one -> one.until <= second);
        }
        if (known.size() < most) {
            known.put(thumbprint, new Known(found, second + KEPT_SECONDS));
        }
        return found;
    }
}
