package dev.sallyport.extension.authn.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.extension.authn.jose.BoundCheck.Proof;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Tokens bound to a certificate are good over connections of that certificate only (threat DP-11).
class CertificateBindingTest {
    private static final TestCertificates CA = TestCertificates.authority("clients");
    private static final Issued OWN = CA.client("spiffe://a/own");
    private static final Issued OTHER = CA.client("spiffe://a/other");

    private final CertificateBinding check = new CertificateBinding();

    private static Exchanges over(List<X509Certificate> chain) {
        ClientConnection.Listener listener = new ClientConnection.Listener("public", List.of(), null);
        return Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress("192.0.2.7", 5000), listener, "TLSv1.3", null, chain));
    }

    private Proof check(Exchange exchange, Object confirmation) {
        return check.check(exchange, "Bearer", "token", Map.of("x5t#S256", confirmation));
    }

    private static void assertRefused(Proof proof, String code) {
        assertThat(proof).isInstanceOfSatisfying(Proof.Refused.class, refused -> {
            assertThat(refused.refusal().code()).isEqualTo(code);
            assertThat(refused.refusal().status()).isEqualTo(401);
            assertThat(refused.refusal().headers().first("www-authenticate"))
                    .startsWith("Bearer error=\"invalid_token\"");
        });
    }

    @Test
    void takesATokenOverTheConnectionOfItsCertificate() {
        assertThat(check(over(OWN.chain()).exchange(), Thumbprint.of(OWN.certificate())))
                .isEqualTo(Proof.HELD);
    }

    @Test
    void DP_11_refusesATokenOfAnotherCertificate() {
        assertRefused(check(over(OTHER.chain()).exchange(), Thumbprint.of(OWN.certificate())), "certificate-binding");
    }

    @Test
    void DP_11_refusesATokenOverAConnectionWithoutCertificate() {
        assertRefused(check(over(List.of()).exchange(), Thumbprint.of(OWN.certificate())), "certificate-missing");
    }

    @Test
    void DP_11_believesNoField() throws Exception {
        String der = Base64.getEncoder().encodeToString(OWN.certificate().getEncoded());
        Exchange exchange = over(OTHER.chain())
                .header("Client-Cert", ":" + der + ":")
                .header("X-Forwarded-Client-Cert", "Cert=" + der)
                .header("X-SSL-Client-Cert", der)
                .exchange();
        assertRefused(check(exchange, Thumbprint.of(OWN.certificate())), "certificate-binding");
    }

    @Test
    void DP_11_goesByTheClientsOwnCertificateOfTheChain() {
        Issued below = CA.intermediate("below").client("spiffe://a/below");
        assertRefused(
                check(
                        over(below.chain()).exchange(),
                        Thumbprint.of(below.chain().get(1))),
                "certificate-binding");
    }

    @Test
    void DP_11_refusesOtherSpellingsOfTheThumbprint() {
        String thumbprint = Thumbprint.of(OWN.certificate());
        Exchange exchange = over(OWN.chain()).exchange();
        for (Object wrong : List.of("", thumbprint + "=", thumbprint.substring(1), List.of(thumbprint), 1L)) {
            assertRefused(check(exchange, wrong), "certificate-binding");
        }
    }
}
