package dev.sallyport.extension.authn.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.server.LimitsConfig;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.OcspResponder;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a responder says of certificates, and what it cannot make anybody believe.
class OcspTest {
    private static final TestCertificates CA = TestCertificates.authority("clients");
    private static final TestCertificates OTHER_CA = TestCertificates.authority("others");
    private static final VerificationPool POOL = new VerificationPool();
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final FakeServices services = new FakeServices();
    private final Issued billing = CA.client("spiffe://prod.example.com/billing");
    private long nanos;
    private String trusted = CA.pem();
    private OcspResponder responder = none();
    private @TempDir Path folder = Path.of("");

    @SuppressWarnings("NullAway") // opened before each test
    private static OcspResponder none() {
        return null;
    }

    @BeforeEach
    void starts() {
        services.at(Instant.now());
        responder = OcspResponder.start(CA.own(), services.clock());
    }

    @AfterEach
    void stops() {
        responder.close();
    }

    private Authenticator asking() {
        return asking(KEPT, false, null);
    }

    private Authenticator asking(Duration kept, boolean nonce, CertificateConfig.@Nullable Crl crl) {
        LimitsConfig limits = new LimitsConfig(Duration.ofSeconds(10), 64, 8, 5, Duration.ofSeconds(5));
        OcspConfig ocsp = new OcspConfig(responder.url(), null, kept, nonce, limits);
        try {
            Path trust = folder.resolve("trust.crt");
            Files.writeString(trust, trusted);
            CertificateConfig config = new CertificateConfig(
                    new CertificateConfig.Caller(IdSource.SAN_URI, List.of()),
                    List.of("spiffe://prod.example.com/*"),
                    trust,
                    crl,
                    ocsp);
            return new ClientCertificateFactory(EventLog.SILENT, POOL, () -> nanos)
                    .create(config, new PluginContext("services", 1, services));
        } catch (PluginException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Authentication show(Authenticator authenticator, Issued shown) {
        ClientConnection.Listener listener = new ClientConnection.Listener("public", List.of(), null);
        return Settled.of(authenticator.authenticate(Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress("192.0.2.7", 5000), listener, "TLSv1.3", null, shown.chain()))
                .exchange()));
    }

    private static String code(Authentication found) {
        return switch (found) {
            case Authentication.Proven _ -> "proven";
            case Authentication.BadCredential bad ->
                bad.refusal().status() + " " + bad.refusal().code();
            case Authentication.Unclaimed not -> "unclaimed " + not.refusal().code();
            default -> found.toString();
        };
    }

    private void assertUndecided() {
        assertThat(code(show(asking(), billing))).isEqualTo("503 certificate-revocation-unknown");
        assertThat(responder.asked).hasSize(1);
    }

    private void later(Duration time) {
        services.at(services.clock().instant().plus(time));
        nanos += time.toNanos();
    }

    @Test
    void whomTheResponderCallsGoodIsAskedAboutOnceInAWhile() {
        Authenticator authenticator = asking();
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        later(KEPT.minusSeconds(1));
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        assertThat(responder.asked).containsExactly(billing.certificate().getSerialNumber());
        later(Duration.ofSeconds(1));
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        assertThat(responder.asked).hasSize(2);
    }

    @Test
    void TL_05_refusesWhomTheResponderCallsRevoked() {
        Authenticator authenticator = asking();
        Authentication before = show(authenticator, billing);
        Principal caller = ((Authentication.Proven) before).principal();
        Revocations live = (Revocations) authenticator;
        assertThat(live.standing(caller)).isEqualTo(Revocations.Standing.GOOD);
        responder.revoke(billing.certificate());
        later(KEPT);
        assertThat(code(show(authenticator, billing))).isEqualTo("401 certificate-revoked");
        assertThat(live.standing(caller)).as("of what goes on").isEqualTo(Revocations.Standing.REVOKED);
        assertThat(code(show(authenticator, CA.client("spiffe://prod.example.com/other"))))
                .isEqualTo("proven");
    }

    @Test
    void TL_05_whomTheResponderDoesNotKnowIsRefusedForSeconds() {
        Authenticator authenticator = asking();
        responder.forget(billing.certificate());
        for (int i = 0; i < 6; i++) {
            assertThat(code(show(authenticator, billing))).isEqualTo("503 certificate-revocation-unknown");
        }
        assertThat(responder.asked).hasSize(1);
        assertThat(code(show(authenticator, CA.client("spiffe://prod.example.com/other"))))
                .as("it is no failure of the responder")
                .isEqualTo("proven");
        later(Duration.ofSeconds(5));
        assertThat(code(show(authenticator, billing))).isEqualTo("503 certificate-revocation-unknown");
        assertThat(responder.asked).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6})
    void TL_05_aResponderThatGivesNoAnswerLetsNobodyIn(int status) {
        responder.status = status;
        assertUndecided();
    }

    @Test
    void TL_05_aResponderThatFailsLetsNobodyIn() {
        responder.httpStatus = 500;
        assertUndecided();
    }

    @Test
    void TL_05_whatIsOfAnotherTypeIsNoAnswer() {
        responder.type = "text/html";
        assertUndecided();
    }

    @Test
    void TL_05_whatIsNoAnswerIsNone() {
        responder.octets = answer -> new byte[] {0x30, 3, 10, 1, 0};
        assertUndecided();
    }

    @Test
    void TL_05_anAnswerThatWasCutIsNone() {
        responder.octets = answer -> Arrays.copyOf(answer, answer.length - 1);
        assertUndecided();
    }

    @Test
    void TL_05_aResponderThatIsGoneLetsNobodyIn() {
        Authenticator authenticator = asking();
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        responder.close();
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        later(KEPT);
        assertThat(code(show(authenticator, billing))).isEqualTo("503 certificate-revocation-unknown");
    }

    // ---- who signs

    @Test
    void TL_05_refusesAnswersThatTheIssuerDidNotSign() {
        responder.signer = OTHER_CA.own();
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersOfSomebodyWithTheNameOfTheIssuer() {
        responder.signer = TestCertificates.authority("clients").own();
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersOfCertificatesThatAreForNoAnswers() {
        responder.signer = CA.client("spiffe://prod.example.com/mallory");
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersOfADelegateOfAnotherIssuer() {
        responder.signer =
                OTHER_CA.issue(wanted -> wanted.subject("CN=delegate").forAnswers());
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersOfADelegateThatExpired() {
        responder.signer =
                CA.issue(wanted -> wanted.subject("CN=delegate").forAnswers().expired());
        assertUndecided();
    }

    @Test
    void takesAnswersOfADelegateOfTheIssuer() {
        responder.signer = CA.issue(wanted -> wanted.subject("CN=delegate").forAnswers());
        assertThat(code(show(asking(), billing))).isEqualTo("proven");
    }

    @Test
    void TL_05_refusesAnswersThatWereChanged() {
        responder.forget(billing.certificate());
        AtomicInteger changed = new AtomicInteger();
        responder.octets = answer -> {
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            String good = text.replace("\u0082\0\u0018\u000f", "\u0080\0\u0018\u000f");
            changed.addAndGet(good.equals(text) ? 0 : 1);
            return good.getBytes(StandardCharsets.ISO_8859_1);
        };
        assertUndecided();
        assertThat(changed).as("answers in which nobody unknown is left").hasValue(1);
    }

    // ---- what they are about, and of when

    private static CertificateID id(X509Certificate issuer, BigInteger serial) {
        try {
            return new CertificateID(
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                    new JcaX509CertificateHolder(issuer),
                    serial);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void TL_05_refusesAnswersAboutAnotherCertificate() {
        responder.about = asked -> id(CA.certificate(), asked.getSerialNumber().add(BigInteger.ONE));
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersAboutTheCertificateOfAnotherIssuer() {
        responder.about = asked -> id(OTHER_CA.certificate(), asked.getSerialNumber());
        assertUndecided();
    }

    @Test
    void whatAnAnswerSaysOfOthersBesideMattersNot() {
        X509Certificate sameName = TestCertificates.authority("clients").certificate();
        responder.also = asked -> id(CA.certificate(), asked.getSerialNumber().add(BigInteger.ONE));
        assertThat(code(show(asking(), billing))).isEqualTo("proven");
        responder.also = asked -> id(sameName, asked.getSerialNumber());
        assertThat(code(show(asking(), billing))).isEqualTo("proven");
        responder.revoke(billing.certificate());
        assertThat(code(show(asking(), billing))).isEqualTo("401 certificate-revoked");
    }

    @Test
    void TL_05_refusesAnswersThatSayTwoThingsOfACertificate() {
        responder.also = asked -> asked;
        responder.revoke(billing.certificate());
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersThatEnded() {
        responder.age = Duration.ofHours(2);
        responder.left = Duration.ofSeconds(-1);
        assertUndecided();
    }

    @Test
    void TL_05_refusesAnswersOfTheFuture() {
        responder.age = Duration.ofMinutes(-6);
        assertUndecided();
    }

    @Test
    void TL_05_anAnswerWithoutEndIsOneOfNow() {
        responder.left = null;
        assertThat(code(show(asking(), billing))).isEqualTo("proven");
        responder.asked.clear();
        responder.age = Duration.ofMinutes(5);
        assertUndecided();
    }

    @Test
    void TL_05_nothingIsRememberedBeyondTheEndOfTheAnswer() {
        Authenticator authenticator = asking();
        responder.left = Duration.ofSeconds(30);
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        later(Duration.ofSeconds(29));
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        assertThat(responder.asked).hasSize(1);
        later(Duration.ofSeconds(2));
        assertThat(code(show(authenticator, billing))).isEqualTo("proven");
        assertThat(responder.asked).hasSize(2);
    }

    @Test
    void TL_05_anAnswerRepeatsTheNumberOfItsQuestionWhereItHasTo() throws IOException {
        Authenticator strict = asking(Duration.ZERO, true, null);
        assertThat(code(show(strict, billing))).isEqualTo("proven");
        responder.nonce = asked -> null;
        assertThat(code(show(strict, billing))).isEqualTo("503 certificate-revocation-unknown");
        Extension another = new Extension(
                OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(new byte[32]).getEncoded());
        responder.nonce = asked -> another;
        assertThat(code(show(strict, billing))).isEqualTo("503 certificate-revocation-unknown");
        responder.nonce = asked -> {
            assertThat(asked).as("asked for by nobody").isNull();
            return asked;
        };
        assertThat(code(show(asking(), billing))).isEqualTo("proven");
    }

    @Test
    void TL_05_eachQuestionHasANumberOfItsOwn() {
        List<String> numbers = new CopyOnWriteArrayList<>();
        responder.nonce = asked -> {
            numbers.add(Objects.requireNonNull(asked).getExtnValue().toString());
            return asked;
        };
        Authenticator strict = asking(Duration.ZERO, true, null);
        show(strict, billing);
        show(strict, billing);
        assertThat(numbers).hasSize(2).doesNotHaveDuplicates();
    }

    // ---- about whom

    @Test
    void TL_05_authoritiesBetweenAreAskedAboutToo() {
        TestCertificates below = CA.intermediate("below");
        Issued client = below.client("spiffe://prod.example.com/below");
        responder.signer = CA.own();
        assertThat(code(show(asking(), client)))
                .as("the issuer of the client's own did not sign")
                .isEqualTo("503 certificate-revocation-unknown");
        BigInteger own = client.certificate().getSerialNumber();
        responder.signerOf = serial -> serial.equals(own) ? below.own() : CA.own();
        assertThat(code(show(asking(), client))).isEqualTo("proven");
        responder.asked.clear();
        responder.revoke(below.certificate());
        assertThat(code(show(asking(), client))).isEqualTo("401 certificate-revoked");
        assertThat(responder.asked).containsExactly(own, below.certificate().getSerialNumber());
    }

    @Test
    void TL_05_whoseIssuerIsNotKnownIsOfUnknownStanding() {
        trusted = billing.chainPem();
        assertThat(code(show(asking(), billing))).isEqualTo("503 certificate-revocation-unknown");
        Issued withRoot = new Issued(List.of(billing.certificate(), CA.certificate()), billing.key());
        assertThat(code(show(asking(), withRoot)))
                .as("a root that is its own issuer is no way on")
                .isEqualTo("503 certificate-revocation-unknown");
        assertThat(responder.asked).isEmpty();
    }

    @Test
    void theIssuerIsTheOneWhoseKeySigned() {
        trusted = TestCertificates.authority("clients").pem() + CA.pem();
        assertThat(code(show(asking(), billing))).isEqualTo("proven");
    }

    @Test
    void nobodyIsAskedAboutWhoeverIsNotTrustedOrNotAllowed() {
        Authenticator authenticator = asking();
        assertThat(code(show(authenticator, OTHER_CA.client("spiffe://prod.example.com/billing"))))
                .isEqualTo("unclaimed certificate-not-trusted");
        assertThat(code(show(authenticator, CA.client("spiffe://test.example.com/billing"))))
                .isEqualTo("unclaimed certificate-not-allowed");
        assertThat(responder.asked).isEmpty();
    }

    @Test
    void TL_05_listsAndResponderBothCount() throws IOException {
        Issued lost = CA.client("spiffe://prod.example.com/lost");
        Path list = folder.resolve("clients.crl");
        Instant now = Instant.now();
        Files.writeString(list, CA.revocationList(now.minusSeconds(60), now.plusSeconds(600), lost.certificate()));
        Authenticator both = asking(KEPT, false, new CertificateConfig.Crl(List.of(list), true));
        assertThat(code(show(both, lost))).isEqualTo("401 certificate-revoked");
        assertThat(responder.asked).isEmpty();
        responder.revoke(billing.certificate());
        assertThat(code(show(both, billing))).isEqualTo("401 certificate-revoked");
    }
}
