package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Asks a responder about the certificates of a path. The JDK verifies who signed the answers and judges by them; it
/// is given all of them and so asks nobody itself. Blocks; safe for many at once.
///
/// The HTTP client is made with the first question, so that a configuration which is only validated makes none.
@OffLoop("virtual threads of the questions")
final class OcspQuestion implements AutoCloseable {
    private static final int LARGEST = 64 * 1024;
    private static final int NONCE_OCTETS = 32;
    private static final String TYPE = "application/ocsp-response";
    private static final Finding UNKNOWN = new Finding(RevocationLists.Standing.UNKNOWN, Duration.ofDays(1));
    private static final Map<String, String> HEADERS =
            Map.of("Content-Type", "application/ocsp-request", "Accept", TYPE);

    private final URI responder;
    private final OcspConfig config;
    private final @Nullable SSLContext tls;
    private final List<X509Certificate> trusted;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private @Nullable Fetcher fetcher;
    private boolean closed;

    /// @param tls how connections are set up, or null as the Java runtime does it
    /// @param trusted authorities that nobody is asked about
    OcspQuestion(
            URI responder,
            OcspConfig config,
            @Nullable SSLContext tls,
            List<X509Certificate> trusted,
            InstantSource clock) {
        this.responder = responder;
        this.config = config;
        this.tls = tls;
        this.trusted = List.copyOf(trusted);
        this.clock = clock;
    }

    /// What is known of a certificate.
    ///
    /// @param left how long the answers count
    record Finding(RevocationLists.Standing standing, Duration left) {}

    /// What the responder says of the certificates between the first of `chain`, which it was shown with, and
    /// `trust`.
    ///
    /// @throws IOException it said nothing that can be used
    Finding ask(List<X509Certificate> chain) throws IOException {
        Instant now = clock.instant();
        CertificatePath path = CertificatePath.of(chain, trusted);
        if (path == null) {
            return UNKNOWN;
        }
        Map<X509Certificate, byte[]> answers = new HashMap<>();
        Instant until = now.plus(config.kept());
        boolean unknown = false;
        for (int i = 0; i < path.certificates().size(); i++) {
            X509Certificate certificate = path.certificates().get(i);
            OcspRequest request = OcspRequest.of(certificate, path.issuerOf(i), config.nonce() ? nonce() : null);
            OcspAnswer answer = OcspAnswer.read(post(request.encoded()), request, now);
            if (answer == null) {
                return UNKNOWN;
            }
            answers.put(certificate, answer.octets());
            unknown |= answer.unknown();
            until = answer.until().isBefore(until) ? answer.until() : until;
        }
        return new Finding(standing(path, answers, unknown, now), Duration.between(now, until));
    }

    private byte[] nonce() {
        byte[] octets = new byte[NONCE_OCTETS];
        random.nextBytes(octets);
        return octets;
    }

    private byte[] post(byte[] request) throws IOException {
        Fetcher.Answer answer = fetcher().post(responder, request, HEADERS);
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + " (expected: 200)");
        }
        if (!answer.contentType().strip().toLowerCase(Locale.ROOT).startsWith(TYPE)) {
            throw new IOException("an answer of another type (expected: " + TYPE + ")");
        }
        return answer.body();
    }

    private static RevocationLists.Standing standing(
            CertificatePath path, Map<X509Certificate, byte[]> answers, boolean unknown, Instant now)
            throws IOException {
        try {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(Set.of(PKIXRevocationChecker.Option.NO_FALLBACK));
            checker.setOcspResponses(answers);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(path.authority(), null)));
            parameters.setDate(Date.from(now));
            parameters.addCertPathChecker(checker);
            validator.validate(
                    CertificateFactory.getInstance("X.509").generateCertPath(path.certificates()), parameters);
            return RevocationLists.Standing.GOOD;
        } catch (CertPathValidatorException e) {
            if (e.getReason() == BasicReason.REVOKED) {
                return RevocationLists.Standing.REVOKED;
            }
            if (unknown && e.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
                return RevocationLists.Standing.UNKNOWN;
            }
            throw new IOException("an answer that does not count: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("an answer that cannot be verified: " + e.getMessage(), e);
        }
    }

    private synchronized Fetcher fetcher() throws IOException {
        if (closed) {
            throw new IOException(responder + ": no longer configured");
        }
        Fetcher made = fetcher;
        if (made == null) {
            made = new Fetcher(config.limits().timeout(), LARGEST, tls);
            fetcher = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (fetcher != null) {
            fetcher.close();
        }
    }
}
