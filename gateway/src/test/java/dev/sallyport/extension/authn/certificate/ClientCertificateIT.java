package dev.sallyport.extension.authn.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.testing.OcspResponder;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import dev.sallyport.testing.TestGateway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Client certificates, end to end over TLS: the configuration of `docs/authentication/client-certificate.md`.
class ClientCertificateIT {
    private static final TestCertificates SERVERS = TestCertificates.authority("servers");
    private static final TestCertificates CLIENTS = TestCertificates.authority("clients");
    private static final TestCertificates OTHERS = TestCertificates.authority("others");
    private static final Issued BILLING = CLIENTS.client("spiffe://prod.example.com/billing");
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\\n(version: 1\\n.*?)^```");
    private static final String GET = "GET /billing/invoices HTTP/1.1\r\nHost: gateway.test\r\n\r\n";

    private @TempDir Path folder = Path.of("");
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private @Nullable TestGateway gateway;

    @BeforeEach
    void writesFiles() throws IOException {
        SERVERS.server("gateway.test").write(folder, "server");
        Files.writeString(folder.resolve("clients-ca.crt"), CLIENTS.pem());
        Files.writeString(folder.resolve("trust.crt"), CLIENTS.pem());
    }

    @AfterEach
    void stops() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        upstream.close();
    }

    /// The example of the page, with files and ports of this test.
    private String example() throws IOException {
        Matcher block = EXAMPLE.matcher(Files.readString(Path.of("../docs/authentication/client-certificate.md")));
        assertThat(block.find()).isTrue();
        return block.group(1)
                .replace("tls/", folder + "/")
                .replace("127.0.0.1:8443", "127.0.0.1:0")
                .replace("127.0.0.1:9001", "127.0.0.1:" + upstream.port());
    }

    private String with(String... lines) throws IOException {
        return example().replace("allow: [", String.join("\n    ", lines) + "\n    allow: [");
    }

    private TestGateway start(String yaml) {
        TestGateway started = TestGateway.start(yaml);
        gateway = started;
        return started;
    }

    private static RawClient connect(TestGateway gateway, @Nullable Issued own) throws IOException {
        return RawClient.connect(gateway.port("internal"), "gateway.test", SERVERS.context(own));
    }

    private static String binary(X509Certificate certificate) throws Exception {
        return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
    }

    @Test
    void theCallerIsWhomTheCertificateNames() throws Exception {
        TestGateway started = start(example());
        try (RawClient client = connect(started, BILLING)) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            assertThat(started.awaitLogOf(client).text()).contains("spiffe://prod.example.com/billing");
        }
        assertThat(upstream.lastRequest().value("client-cert")).isEqualTo(binary(BILLING.certificate()));
        assertThat(upstream.lastRequest().values("client-cert-chain")).isEmpty();
    }

    @Test
    void tellsTheUpstreamOfTheChain() throws Exception {
        Issued below = CLIENTS.intermediate("below").client("spiffe://prod.example.com/below");
        try (RawClient client = connect(start(example()), below)) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
        }
        Request request = upstream.lastRequest();
        assertThat(request.value("client-cert")).isEqualTo(binary(below.certificate()));
        assertThat(request.value("client-cert-chain"))
                .isEqualTo(binary(below.chain().get(1)));
        String encoded = request.value("client-cert");
        byte[] der = Base64.getDecoder().decode(encoded.substring(1, encoded.length() - 1));
        assertThat(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)))
                .isEqualTo(below.certificate());
    }

    @Test
    void TL_04_withoutCertificateARequestIsRefused() throws Exception {
        try (RawClient client = connect(start(example()), null)) {
            Response response = client.exchange(GET);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.code()).isEqualTo("credential-missing");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void HD_12_believesNoFieldAndPassesNoneOn() throws Exception {
        TestGateway started = start(example());
        String claims = "Client-Cert: " + binary(BILLING.certificate()) + "\r\nClient-Cert-Chain: :AA==:\r\n"
                + "X-Forwarded-Client-Cert: x\r\nX-SSL-Client-Cert: x\r\nClient_Cert: x\r\n\r\n";
        String get = GET.substring(0, GET.length() - 2) + claims;
        try (RawClient client = connect(started, null)) {
            assertThat(client.exchange(get).status()).isEqualTo(401);
        }
        Issued other = CLIENTS.client("spiffe://prod.example.com/other");
        try (RawClient client = connect(started, other)) {
            assertThat(client.exchange(get).status()).isEqualTo(200);
        }
        Request request = upstream.lastRequest();
        assertThat(request.value("client-cert")).isEqualTo(binary(other.certificate()));
        assertThat(request.names())
                .doesNotContain("client-cert-chain", "x-forwarded-client-cert", "x-ssl-client-cert", "client_cert");
    }

    @Test
    void TL_04_idsThatAreNotAllowedAreRefused() throws Exception {
        try (RawClient client = connect(start(example()), CLIENTS.client("spiffe://test.example.com/billing"))) {
            Response response = client.exchange(GET);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.code()).isEqualTo("certificate-not-allowed");
        }
    }

    @Test
    void TL_05_aRevokedCertificateIsRefusedOnAnOpenConnection() throws Exception {
        Path list = folder.resolve("clients.crl");
        Instant now = Instant.now();
        Instant end = now.plus(Duration.ofDays(1));
        Files.writeString(list, CLIENTS.revocationList(now.minusSeconds(60), end));
        String yaml = with("trust: " + folder.resolve("trust.crt"), "crl: { files: [" + list + "] }");
        TestGateway started = start(yaml);
        try (RawClient client = connect(started, BILLING)) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            Files.writeString(list, CLIENTS.revocationList(now, end, BILLING.certificate()));
            assertThat(started.reload(yaml)).isInstanceOf(ReloadResult.Applied.class);
            Response response = client.exchange(GET);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.code()).isEqualTo("certificate-revoked");
        }
    }

    @Test
    void TL_05_whomTheResponderCallsRevokedIsRefusedOnAnOpenConnection() throws Exception {
        try (OcspResponder responder = OcspResponder.start(CLIENTS.own(), InstantSource.system())) {
            TestGateway started = start(with(
                    "trust: " + folder.resolve("trust.crt"),
                    "ocsp: { responder: \"" + responder.url() + "\", kept: 0s, nonce: true }"));
            try (RawClient client = connect(started, BILLING)) {
                assertThat(client.exchange(GET).status()).isEqualTo(200);
                responder.revoke(BILLING.certificate());
                assertThat(client.exchange(GET).code()).isEqualTo("certificate-revoked");
                responder.httpStatus = 500;
                Response undecided = client.exchange(GET);
                assertThat(undecided.status()).isEqualTo(503);
                assertThat(undecided.code()).isEqualTo("certificate-revocation-unknown");
            }
        }
    }

    @Test
    void TL_05_aListThatNobodyTrustedSignedLeavesTheOldOne() throws Exception {
        Path list = folder.resolve("clients.crl");
        Instant now = Instant.now();
        Instant end = now.plus(Duration.ofDays(1));
        Files.writeString(list, CLIENTS.revocationList(now.minusSeconds(60), end, BILLING.certificate()));
        String yaml = with("trust: " + folder.resolve("trust.crt"), "crl: { files: [" + list + "] }");
        TestGateway started = start(yaml);
        Files.writeString(list, OTHERS.revocationList(now, end));
        assertThat(started.reload(yaml)).isNotInstanceOf(ReloadResult.Applied.class);
        try (RawClient client = connect(started, BILLING)) {
            assertThat(client.exchange(GET).code()).isEqualTo("certificate-revoked");
        }
    }

    @Test
    void TL_11_anAuthorityThatIsNoLongerTrustedCountsForOpenConnections() throws Exception {
        Path trust = folder.resolve("trust.crt");
        String yaml = with("trust: " + trust);
        TestGateway started = start(yaml);
        try (RawClient client = connect(started, BILLING)) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            Files.writeString(trust, OTHERS.pem());
            started.reload(yaml);
            Response response = client.exchange(GET);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.code()).isEqualTo("certificate-not-trusted");
        }
    }
}
