package dev.sallyport.extension.authn.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import dev.sallyport.testing.TestCertificates.Wanted;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom client certificates prove, and which ones prove nobody.
class ClientCertificateTest {
    private static final TestCertificates CA = TestCertificates.authority("clients");
    private static final TestCertificates OTHER_CA = TestCertificates.authority("others");
    private static final Issued BILLING = CA.client("spiffe://prod.example.com/billing");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final VerificationPool POOL = new VerificationPool();

    private final FakeServices services = new FakeServices();
    private @TempDir Path folder = Path.of("");

    @BeforeEach
    void goesByTheTimeOfTheCertificates() {
        services.at(Instant.now());
    }

    private static CertificateConfig.Caller by(IdSource source) {
        return new CertificateConfig.Caller(source, List.of("service"));
    }

    private static CertificateConfig config(IdSource source, String... allow) {
        return new CertificateConfig(by(source), List.of(allow), null, null, null);
    }

    private Authenticator make(CertificateConfig config) {
        try {
            return create(config);
        } catch (PluginException e) {
            throw new AssertionError(e.key() + ": " + e.getMessage(), e);
        }
    }

    private Authenticator create(CertificateConfig config) throws PluginException {
        return new ClientCertificateFactory(EventLog.SILENT, POOL)
                .create(config, new PluginContext("services", 1, services));
    }

    private static Exchange over(List<X509Certificate> chain) {
        ClientConnection.Listener listener = new ClientConnection.Listener("public", List.of(), null);
        return Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress("192.0.2.7", 5000), listener, "TLSv1.3", null, chain))
                .exchange();
    }

    private static Authentication show(Authenticator authenticator, Issued shown) {
        return show(authenticator, shown.chain());
    }

    private static Authentication show(Authenticator authenticator, List<X509Certificate> chain) {
        return Settled.of(authenticator.authenticate(over(chain)));
    }

    private static Principal caller(Authentication found) {
        assertThat(found).isInstanceOf(Authentication.Proven.class);
        return ((Authentication.Proven) found).principal();
    }

    private static Refusal bad(Authentication found) {
        assertThat(found).isInstanceOf(Authentication.BadCredential.class);
        return ((Authentication.BadCredential) found).refusal();
    }

    private static Refusal unclaimed(Authentication found) {
        assertThat(found).isInstanceOf(Authentication.Unclaimed.class);
        return ((Authentication.Unclaimed) found).refusal();
    }

    // ---- who

    @Test
    void theCallerIsWhomTheCertificateNames() {
        Principal caller = caller(show(make(config(IdSource.SAN_URI)), BILLING));
        assertThat(caller.id()).isEqualTo("spiffe://prod.example.com/billing");
        assertThat(caller.authenticator()).isEqualTo("services");
        assertThat(caller.roles()).containsExactly("service");
        assertThat(caller.claims().texts("san.uri")).containsExactly(caller.id());
        assertThat(caller.claims().text("issuer")).isEqualTo("CN=clients");
        assertThat(caller.credential().kind()).isEqualTo("client-certificate");
        assertThat(caller.credential().id()).isEqualTo(Thumbprint.of(BILLING.certificate()));
        assertThat(caller.credential().expiresAt())
                .isEqualTo(BILLING.certificate().getNotAfter().toInstant().getEpochSecond() + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SAN_URI|spiffe://a/b",
                "SAN_DNS|billing.internal",
                "SAN_EMAIL|ops@example.com",
                "SUBJECT|CN=billing,O=Example",
                "SUBJECT_CN|billing"
            })
    void takesTheIdFromWhereItIsToldTo(IdSource source, String id) {
        Issued all = CA.issue(wanted -> wanted.subject("O=Example,CN=billing")
                .uri("spiffe://a/b")
                .names("Billing.Internal")
                .email("ops@example.com")
                .forClients());
        assertThat(caller(show(make(config(source)), all)).id()).isEqualTo(id);
    }

    @Test
    void theThumbprintIsAnIdToo() {
        assertThat(caller(show(make(config(IdSource.THUMBPRINT)), BILLING)).id())
                .isEqualTo(Thumbprint.of(BILLING.certificate()))
                .hasSize(43);
    }

    @Test
    void TL_04_withoutCertificateThereIsNoCredential() {
        assertThat(show(make(config(IdSource.SAN_URI)), List.of())).isEqualTo(Authentication.NO_CREDENTIAL);
    }

    private static void assertUnnamed(IdSource source, UnaryOperator<Wanted> properties) {
        ClientCertificateTest test = new ClientCertificateTest();
        test.services.at(Instant.now());
        assertThat(unclaimed(show(test.make(config(source)), CA.issue(properties)))
                        .code())
                .isEqualTo("certificate-name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"spiffe://a/b\0.evil.example", "spiffe://a/b\n", "spiffe://a/\u0001", "spiffe://a/\u007f", ""})
    void TL_04_refusesNamesWithNulAndControls(String name) {
        assertUnnamed(IdSource.SAN_URI, wanted -> wanted.uri(name).forClients());
        assertUnnamed(IdSource.SAN_EMAIL, wanted -> wanted.email(name).forClients());
    }

    @Test
    void TL_04_refusesACommonNameWithNul() {
        assertUnnamed(IdSource.SUBJECT_CN, wanted -> wanted.subject("CN=billing\\00.evil"));
        assertUnnamed(IdSource.SUBJECT_CN, wanted -> wanted.subject("CN=billing,CN=admin"));
        assertUnnamed(IdSource.SUBJECT_CN, wanted -> wanted.subject("CN=billing+OU=admin"));
        assertUnnamed(IdSource.SUBJECT_CN, wanted -> wanted.subject("O=Example"));
    }

    @Test
    void TL_04_refusesNoNameAndMoreThanOne() {
        assertUnnamed(IdSource.SAN_URI, Wanted::forClients);
        assertUnnamed(IdSource.SAN_URI, wanted -> wanted.uri("spiffe://a/b").uri("spiffe://a/c"));
    }

    @Test
    void TL_04_neverTakesANameOfOneTypeForAnother() {
        assertUnnamed(
                IdSource.SAN_URI, wanted -> wanted.subject("CN=spiffe://a/b").names("spiffe.a.b"));
        assertUnnamed(
                IdSource.SAN_DNS,
                wanted -> wanted.subject("CN=billing.internal").uri("billing.internal"));
        assertUnnamed(IdSource.SAN_DNS, wanted -> wanted.names("192.0.2.1"));
    }

    // ---- which

    @ParameterizedTest
    @CsvSource({
        "spiffe://prod.example.com/*, spiffe://prod.example.com/billing, true",
        "spiffe://prod.example.com/*, spiffe://prod.example.com/, false",
        "spiffe://prod.example.com/*, spiffe://prod.example.com, false",
        "spiffe://prod.example.com/*, spiffe://prod.example.com.evil.example/billing, false",
        "spiffe://prod.example.com/a/*, spiffe://prod.example.com/a/../b, false",
        "spiffe://prod.example.com/a/*, spiffe://prod.example.com/a/%2e%2e/b, false",
        "spiffe://prod.example.com/billing, spiffe://prod.example.com/billing, true",
        "spiffe://prod.example.com/billing, spiffe://prod.example.com/billing2, false",
        "spiffe://prod.example.com/billing, spiffe://PROD.example.com/billing, false",
        "*.internal, billing.internal, true",
        "*.internal, a.billing.internal, true",
        "*.internal, .internal, false",
        "*.internal, internal, false",
        "*.internal, billing.internal.evil.example, false",
        "*.internal, evilinternal, false"
    })
    void TL_04_takesAllowedIdsOnly(String pattern, String id, boolean allowed) {
        assertThat(new AllowedIds(List.of("other", pattern)).allow(id)).isEqualTo(allowed);
    }

    @Test
    void TL_04_refusesIdsThatAreNotAllowed() {
        Authenticator authenticator = make(config(IdSource.SAN_URI, "spiffe://prod.example.com/*"));
        assertThat(caller(show(authenticator, BILLING)).id()).endsWith("/billing");
        Refusal refusal = unclaimed(show(authenticator, CA.client("spiffe://test.example.com/billing")));
        assertThat(refusal.code()).isEqualTo("certificate-not-allowed");
        assertThat(refusal.status()).isEqualTo(401);
    }

    @Test
    void TL_04_judgesTheTimeOfEveryRequest() {
        Authenticator authenticator = make(config(IdSource.SAN_URI));
        Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        Issued shortLived =
                CA.issue(wanted -> wanted.uri("spiffe://a/b").forClients().until(end));
        assertThat(show(authenticator, shortLived)).isInstanceOf(Authentication.Proven.class);
        services.at(end);
        assertThat(show(authenticator, shortLived)).isInstanceOf(Authentication.Proven.class);
        services.at(end.plusSeconds(1));
        Refusal refusal = bad(show(authenticator, shortLived));
        assertThat(refusal.code()).isEqualTo("certificate-expired");
        assertThat(refusal.status()).isEqualTo(401);
        services.at(shortLived.certificate().getNotBefore().toInstant().minusSeconds(1));
        assertThat(bad(show(authenticator, shortLived)).code()).isEqualTo("certificate-expired");
    }

    @Test
    void TL_04_judgesTheTimeOfTheWholeChain() {
        Authenticator authenticator = make(config(IdSource.SAN_URI));
        Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        Issued below = TestCertificates.of(CA.issue(wanted ->
                        wanted.subject("CN=below").certificateAuthority().until(end)))
                .client("spiffe://a/b");
        services.at(end);
        assertThat(show(authenticator, below)).isInstanceOf(Authentication.Proven.class);
        services.at(end.plusSeconds(1));
        assertThat(bad(show(authenticator, below)).code()).isEqualTo("certificate-expired");
    }

    // ---- trust

    private CertificateConfig trusting(TestCertificates authority, CertificateConfig.@Nullable Crl crl)
            throws IOException {
        Path trust = folder.resolve("trust.crt");
        Files.writeString(trust, authority.pem());
        return new CertificateConfig(by(IdSource.SAN_URI), List.of(), trust, crl, null);
    }

    @Test
    void TL_11_takesCertificatesOfItsOwnAuthoritiesOnly() throws IOException {
        Authenticator authenticator = make(trusting(CA, null));
        assertThat(caller(show(authenticator, BILLING)).id()).endsWith("/billing");
        assertThat(caller(show(authenticator, BILLING)).id()).endsWith("/billing");
        Issued foreign = OTHER_CA.client("spiffe://prod.example.com/billing");
        assertThat(unclaimed(show(authenticator, foreign)).code()).isEqualTo("certificate-not-trusted");
        assertThat(unclaimed(show(authenticator, foreign)).code()).isEqualTo("certificate-not-trusted");
        Issued forged = TestCertificates.authority("clients").client("spiffe://prod.example.com/billing");
        assertThat(unclaimed(show(authenticator, forged)).code()).isEqualTo("certificate-not-trusted");
    }

    @Test
    void TL_04_takesCertificatesOfIntermediates() throws IOException {
        Authenticator authenticator = make(trusting(CA, null));
        Issued below = CA.intermediate("below").client("spiffe://prod.example.com/below");
        assertThat(caller(show(authenticator, below)).id()).endsWith("/below");
    }

    @Test
    void TL_04_refusesServerCertificatesAsClients() throws IOException {
        Issued server = CA.issue(wanted -> wanted.uri("spiffe://a/b").forServers());
        assertThat(unclaimed(show(make(trusting(CA, null)), server)).code()).isEqualTo("certificate-not-trusted");
    }

    // ---- revocation lists

    private CertificateConfig listing(boolean required, String... lists) throws IOException {
        Path[] files = new Path[lists.length];
        for (int i = 0; i < lists.length; i++) {
            files[i] = folder.resolve("list" + i + ".pem");
            Files.writeString(files[i], lists[i]);
        }
        return trusting(CA, new CertificateConfig.Crl(List.of(files), required));
    }

    private static String list(Duration age, Duration left, Issued... revoked) {
        return list(CA, age, left, revoked);
    }

    private static String list(TestCertificates authority, Duration age, Duration left, Issued... revoked) {
        X509Certificate[] certificates = new X509Certificate[revoked.length];
        for (int i = 0; i < revoked.length; i++) {
            certificates[i] = revoked[i].certificate();
        }
        Instant now = Instant.now();
        return authority.revocationList(now.minus(age), now.plus(left), certificates);
    }

    @Test
    void TL_05_refusesRevokedCertificates() throws IOException {
        Issued lost = CA.client("spiffe://prod.example.com/lost");
        Authenticator authenticator = make(listing(true, list(HOUR, HOUR, lost)));
        assertThat(show(authenticator, BILLING)).isInstanceOf(Authentication.Proven.class);
        Refusal refusal = bad(show(authenticator, lost));
        assertThat(refusal.code()).isEqualTo("certificate-revoked");
        assertThat(refusal.status()).isEqualTo(401);
    }

    @Test
    void TL_05_refusesCertificatesBelowARevokedAuthority() throws IOException {
        TestCertificates below = CA.intermediate("below");
        Issued client = below.client("spiffe://prod.example.com/below");
        X509Certificate authority = below.certificate();
        String revoked =
                CA.revocationList(Instant.now().minus(HOUR), Instant.now().plus(HOUR), authority);
        assertThat(bad(show(make(listing(false, revoked)), client)).code()).isEqualTo("certificate-revoked");
    }

    @Test
    void TL_05_aNewKeyThatAnAuthorityTookBackCertifiesNobody() throws IOException {
        Issued newKey = CA.issue(wanted -> wanted.subject("CN=clients").certificateAuthority());
        Issued client = TestCertificates.of(newKey).client("spiffe://prod.example.com/below");
        assertThat(client.chain()).hasSize(2);
        assertThat(show(make(listing(true, list(HOUR, HOUR))), client)).isInstanceOf(Authentication.Proven.class);
        Authenticator authenticator = make(listing(true, list(HOUR, HOUR, newKey)));
        assertThat(bad(show(authenticator, client)).code()).isEqualTo("certificate-revoked");
    }

    @Test
    void TL_05_aRootThatIsShownNeedsNoList() throws IOException {
        Authenticator authenticator = make(listing(true, list(HOUR, HOUR)));
        assertThat(show(authenticator, List.of(BILLING.certificate(), CA.certificate())))
                .isInstanceOf(Authentication.Proven.class);
    }

    @Test
    void TL_05_aListOfAnotherIssuerSaysNothing() throws IOException {
        Issued lost = CA.client("spiffe://prod.example.com/lost");
        Path trust = folder.resolve("both.crt");
        Files.writeString(trust, CA.pem() + OTHER_CA.pem());
        Path file = folder.resolve("other.pem");
        Files.writeString(file, list(OTHER_CA, HOUR, HOUR, lost));
        CertificateConfig optional = new CertificateConfig(
                by(IdSource.SAN_URI), List.of(), trust, new CertificateConfig.Crl(List.of(file), false), null);
        assertThat(show(make(optional), lost)).isInstanceOf(Authentication.Proven.class);
        CertificateConfig required = new CertificateConfig(
                by(IdSource.SAN_URI), List.of(), trust, new CertificateConfig.Crl(List.of(file), true), null);
        assertThat(bad(show(make(required), BILLING)).status()).isEqualTo(503);
    }

    @Test
    void TL_05_anOldListFailsClosedWhereOneIsRequired() throws IOException {
        Issued lost = CA.client("spiffe://prod.example.com/lost");
        String list = list(HOUR, HOUR, lost);
        Authenticator strict = make(listing(true, list));
        Authenticator lenient = make(listing(false, list));
        services.at(Instant.now().plus(HOUR).plusSeconds(10));
        Refusal refusal = bad(show(strict, BILLING));
        assertThat(refusal.code()).isEqualTo("certificate-revocation-unknown");
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(show(lenient, BILLING)).isInstanceOf(Authentication.Proven.class);
        assertThat(bad(show(lenient, lost)).code()).isEqualTo("certificate-revoked");
        assertThat(bad(show(strict, lost)).code()).isEqualTo("certificate-revoked");
    }

    @Test
    void TL_05_aCertificateThatIsItsOwnIssuerNeedsAListToo() throws IOException {
        Issued self = TestCertificates.selfSigned(
                wanted -> wanted.uri("spiffe://prod.example.com/billing").forClients());
        Refusal refusal = bad(show(make(listing(true, list(HOUR, HOUR))), self));
        assertThat(refusal.code()).isEqualTo("certificate-revocation-unknown");
    }

    @Test
    void TL_05_theNewestListOfAnIssuerCounts() throws IOException {
        Issued lost = CA.client("spiffe://prod.example.com/lost");
        String before = list(HOUR.multipliedBy(2), HOUR);
        String after = list(HOUR, HOUR, lost);
        assertThat(bad(show(make(listing(true, before, after)), lost)).code()).isEqualTo("certificate-revoked");
        assertThat(bad(show(make(listing(true, after, before)), lost)).code()).isEqualTo("certificate-revoked");
    }

    private String problem(CertificateConfig config) {
        PluginException refused =
                Objects.requireNonNull(catchThrowableOfType(PluginException.class, () -> create(config)));
        return refused.key() + ": " + refused.getMessage();
    }

    @Test
    void TL_05_refusesListsThatNobodyTrustedSigned() throws IOException {
        assertThat(problem(listing(true, list(OTHER_CA, HOUR, HOUR))))
                .startsWith("crl.files[0]: ")
                .contains("signed by none of `trust`");
        TestCertificates sameName = TestCertificates.authority("clients");
        assertThat(problem(listing(true, list(HOUR, HOUR), list(sameName, HOUR, HOUR))))
                .startsWith("crl.files[1]: ");
    }

    @Test
    void TL_05_refusesListsInTheNameOfAnotherAuthority() throws IOException {
        Path trust = folder.resolve("both.crt");
        Files.writeString(trust, CA.pem() + OTHER_CA.pem());
        Path file = folder.resolve("forged.pem");
        Instant now = Instant.now();
        Files.writeString(file, OTHER_CA.listInTheNameOf(CA, now.minus(HOUR), now.plus(HOUR), BILLING.certificate()));
        assertThat(problem(new CertificateConfig(
                        by(IdSource.SAN_URI), List.of(), trust, new CertificateConfig.Crl(List.of(file), true), null)))
                .contains("signed by none of `trust`");
    }

    @Test
    void TL_05_refusesListsThatDoNotSayHowLongTheyAreGood() throws IOException {
        assertThat(problem(listing(true, CA.endlessList(Instant.now().minus(HOUR)))))
                .contains("expected: nextUpdate");
    }

    @Test
    void TL_05_refusesListsOfTheFuture() throws IOException {
        assertThat(problem(listing(true, list(HOUR.negated(), HOUR.multipliedBy(2)))))
                .contains("of the future");
    }

    @Test
    void TL_05_refusesPartsOfLists() throws IOException {
        Instant now = Instant.now();
        assertThat(problem(listing(true, CA.deltaList(now.minus(HOUR), now.plus(HOUR)))))
                .contains("expected: a complete list");
    }

    @Test
    void TL_05_refusesListsOfWhoMaySignNone() throws IOException {
        for (Issued signer : List.of(
                CA.issue(wanted -> wanted.subject("CN=signer").forClients()),
                CA.issue(wanted ->
                        wanted.subject("CN=signer").certificateAuthority().withoutLists()))) {
            Path trust = folder.resolve("signer.crt");
            Files.writeString(trust, CA.pem() + signer.chainPem());
            Path file = folder.resolve("signer.pem");
            Files.writeString(file, list(TestCertificates.of(signer), HOUR, HOUR));
            CertificateConfig config = new CertificateConfig(
                    by(IdSource.SAN_URI), List.of(), trust, new CertificateConfig.Crl(List.of(file), false), null);
            assertThat(problem(config)).contains("signed by none of `trust`");
        }
    }

    @Test
    void TL_05_refusesWhatIsNoList() throws IOException {
        assertThat(problem(listing(true, "nothing"))).startsWith("crl.files[0]: ");
        assertThat(problem(listing(true, CA.pem()))).startsWith("crl.files[0]: ");
        assertThatThrownBy(() -> new CertificateConfig(
                        by(IdSource.SAN_URI),
                        List.of(),
                        null,
                        new CertificateConfig.Crl(List.of(Path.of("x")), true),
                        null))
                .hasMessageContaining("trust: missing");
    }
}
