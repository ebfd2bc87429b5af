package dev.sallyport.extension.authn.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

class KnownCertificatesTest {
    private static final TestCertificates CA = TestCertificates.authority("clients");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Trusting trust = new Trusting();
    private final KnownCertificates known = new KnownCertificates(
            new CertificateReader(
                    "services", new CertificateConfig.Caller(IdSource.SAN_URI, List.of()), new AllowedIds(List.of())),
            trust,
            new VerificationPool(Runnable::run, 10, 10),
            2);

    /// Validates every path and counts them.
    private static final class Trusting implements X509TrustManager {
        private int validated;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm) {
            validated++;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private int validatedFor(Issued shown, Instant now) {
        Exchange exchange = Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress("192.0.2.7", 5000),
                        new ClientConnection.Listener("public", List.of(), null),
                        "TLSv1.3",
                        null,
                        shown.chain()))
                .exchange();
        int before = trust.validated;
        assertThat(Settled.of(known.find(exchange, now))).isInstanceOf(Authentication.Proven.class);
        return trust.validated - before;
    }

    @Test
    void TL_04_remembersABoundedNumberOfCertificatesForMinutes() {
        Issued one = CA.client("spiffe://a/1");
        Issued two = CA.client("spiffe://a/2");
        Issued three = CA.client("spiffe://a/3");
        for (Issued each : List.of(one, two, three)) {
            assertThat(validatedFor(each, NOW)).isEqualTo(1);
        }
        assertThat(validatedFor(one, NOW)).isZero();
        assertThat(validatedFor(two, NOW)).isZero();
        assertThat(validatedFor(three, NOW))
                .as("no room: neither remembered nor in the place of another")
                .isEqualTo(1);
        Instant later = NOW.plusSeconds(300);
        assertThat(validatedFor(one, later)).as("what was found out ends").isEqualTo(1);
        assertThat(validatedFor(three, later)).as("and leaves its room").isEqualTo(1);
        assertThat(validatedFor(three, later)).isZero();
    }
}
