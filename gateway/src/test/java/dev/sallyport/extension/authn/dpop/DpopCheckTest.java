package dev.sallyport.extension.authn.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.jose.BoundCheck.Proof;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.TestKey;
import dev.sallyport.testing.TestProof;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The twelve checks of RFC 9449 §4.3, and what attackers try with each.
class DpopCheckTest {
    static final TestKey KEY = TestKey.of("holder", "ES256");
    private static final TestKey THIEF = TestKey.of("thief", "ES256");
    static final String TOKEN = "the.access.token";
    static final String URI = "https://api.example.com/orders/1";
    private static final VerificationPool POOL = new VerificationPool();
    private static final List<String> ALGORITHMS = List.of("ES256", "EdDSA", "PS256", "RS256");

    private final FakeServices services = new FakeServices();
    private final DpopCheck check = check(DpopRules.Nonce.OFF, services);

    static DpopCheck check(DpopRules.Nonce nonce, Services services) {
        DpopRules config = new DpopRules(Duration.ofSeconds(60), Duration.ofSeconds(10), nonce, ALGORITHMS);
        return new DpopCheck(config, services, POOL, new KeySetReader(SignatureProvider.JDK));
    }

    private long now() {
        return services.clock().instant().getEpochSecond();
    }

    private TestProof proof() {
        return TestProof.of(KEY, "GET", URI, TOKEN, now());
    }

    private static Exchanges request() {
        ClientConnection.Listener listener =
                new ClientConnection.Listener("public", List.of(), "https://api.example.com");
        return Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress("192.0.2.7", 5000), listener, "TLSv1.3", null, List.of()))
                .path("/orders/1");
    }

    static Exchange with(String proof) {
        return request().header("DPoP", proof).exchange();
    }

    static Proof judge(DpopCheck check, Exchange exchange, String token, TestKey boundTo) {
        return awaited(check.check(exchange, "DPoP", token, Map.of("jkt", TestProof.thumbprint(boundTo))));
    }

    private static Proof awaited(Proof proof) {
        try {
            return proof instanceof Proof.Await await
                    ? awaited(await.proof().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    : proof;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Proof judge(String proof) {
        return judge(check, with(proof), TOKEN, KEY);
    }

    static Refusal refusal(Proof proof) {
        assertThat(proof).isInstanceOf(Proof.Refused.class);
        return ((Proof.Refused) proof).refusal();
    }

    private static void assertRefused(Proof proof, ProofFault fault) {
        Refusal refusal = refusal(proof);
        assertThat(refusal.code()).isEqualTo(fault.code());
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.headers().first("www-authenticate"))
                .startsWith("DPoP error=\"" + fault.error() + "\"")
                .endsWith("algs=\"ES256 EdDSA PS256 RS256\"");
    }

    @Test
    void takesAProofOfTheKeyTheTokenIsBoundTo() {
        assertThat(judge(proof().signed())).isEqualTo(Proof.HELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "EdDSA"})
    void takesOtherAlgorithms(String algorithm) {
        TestKey key = TestKey.of("holder", algorithm);
        String proof = TestProof.of(key, algorithm, "GET", URI, TOKEN, now()).signed();
        ProofKey read = Objects.requireNonNull(ProofKey.of(members("{" + key.material() + "}")));
        assertThat(awaited(check.check(with(proof), "DPoP", TOKEN, Map.of("jkt", read.thumbprint()))))
                .isEqualTo(Proof.HELD);
    }

    private static Map<?, ?> members(String jwk) {
        return Objects.requireNonNull(StrictJson.object(jwk.getBytes(StandardCharsets.US_ASCII)));
    }

    // ---- DP-01, DP-10

    @Test
    void DP_01_refusesABoundTokenAsBearer() {
        Proof proof = check.check(with(proof().signed()), "Bearer", TOKEN, Map.of("jkt", TestProof.thumbprint(KEY)));
        assertRefused(proof, ProofFault.DOWNGRADED);
        assertThat(refusal(proof).headers().first("www-authenticate")).contains("error=\"invalid_token\"");
    }

    @Test
    void DP_01_refusesABoundTokenWithoutProof() {
        assertRefused(judge(check, request().exchange(), TOKEN, KEY), ProofFault.MISSING);
    }

    @Test
    void DP_10_saysWhichAlgorithmsItTakes() {
        assertThat(check.challenges()).containsExactly("DPoP algs=\"ES256 EdDSA PS256 RS256\"");
        assertThat(check.scheme()).isEqualTo("DPoP");
        assertThat(check.fields()).containsExactly("dpop");
    }

    // ---- DP-02

    @Test
    void DP_02_refusesTwoFields() {
        Exchange exchange = request()
                .header("DPoP", proof().signed())
                .header("DPoP", proof().signed())
                .exchange();
        assertRefused(judge(check, exchange, TOKEN, KEY), ProofFault.REPEATED);
    }

    @Test
    void DP_02_refusesTwoProofsInOneField() {
        assertRefused(judge(proof().signed() + "," + proof().signed()), ProofFault.MALFORMED);
        assertRefused(judge(proof().signed() + ", " + proof().signed()), ProofFault.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "..", "a.b.c", "e30.e30.", "e30.e30.AA", "DPoP x"})
    void DP_02_refusesWhatIsNoProof(String field) {
        assertRefused(judge(field), ProofFault.MALFORMED);
    }

    @Test
    void DP_02_refusesAFieldOf100KB() {
        assertRefused(judge("x".repeat(100_000)), ProofFault.TOO_LARGE);
        String padded = proof().claim("pad", TestProof.text("x".repeat(9000))).signed();
        assertRefused(judge(padded), ProofFault.TOO_LARGE);
    }

    // ---- DP-03

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "at+jwt", "dpop", "application/jwt", ""})
    void DP_03_refusesAnotherType(String type) {
        assertRefused(judge(proof().header("typ", TestProof.text(type)).signed()), ProofFault.TYPE);
    }

    @Test
    void DP_03_refusesNoType() {
        assertRefused(judge(proof().header("typ", null).signed()), ProofFault.TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "ES256K", "ES384", "ECDH-ES", ""})
    void DP_03_refusesOtherAlgorithms(String algorithm) {
        assertRefused(judge(proof().header("alg", TestProof.text(algorithm)).signed()), ProofFault.ALGORITHM);
    }

    @Test
    void DP_03_refusesAnAlgorithmThatIsNotTheKeys() {
        assertRefused(judge(proof().header("alg", TestProof.text("RS256")).signed()), ProofFault.KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "d|\"AA\"",
                "p|\"AA\"",
                "q|\"AA\"",
                "dp|\"AA\"",
                "dq|\"AA\"",
                "qi|\"AA\"",
                "k|\"AA\"",
                "oth|[]",
                "d|null"
            })
    void DP_03_refusesAPrivateKey(String member, String value) {
        String jwk = "{" + KEY.material() + ",\"" + member + "\":" + value + "}";
        assertRefused(judge(proof().header("jwk", jwk).signed()), ProofFault.KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\"}",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQ\",\"y\":\"AQ\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ==\",\"y\":\"AQ\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":\"AQ\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AQ\"}",
                "{\"kty\":[\"EC\"],\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}"
            })
    void DP_03_refusesWhatIsNoPublicKey(String jwk) {
        assertRefused(judge(proof().header("jwk", jwk).signed()), ProofFault.KEY);
    }

    @Test
    void DP_03_refusesNoKey() {
        assertRefused(judge(proof().header("jwk", null).signed()), ProofFault.KEY);
        assertRefused(judge(proof().header("jwk", "\"" + KEY.id() + "\"").signed()), ProofFault.MALFORMED);
    }

    /// A key that no library may take; the token is bound to it, so that only the key itself can be the reason.
    private Proof judgeWithKey(String algorithm, String jwk) {
        ProofKey key = Objects.requireNonNull(ProofKey.of(members(jwk)));
        String signed = proof().header("jwk", jwk)
                .header("alg", TestProof.text(algorithm))
                .signed();
        return awaited(check.check(with(signed), "DPoP", TOKEN, Map.of("jkt", key.thumbprint())));
    }

    @Test
    void DP_03_refusesAPointOffTheCurve() {
        String x = TestKey.base64(point(1));
        assertRefused(
                judgeWithKey("ES256", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + x + "\",\"y\":\"" + x + "\"}"),
                ProofFault.KEY);
        String zero = TestKey.base64(point(0));
        assertRefused(
                judgeWithKey(
                        "ES256", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + zero + "\",\"y\":\"" + zero + "\"}"),
                ProofFault.KEY);
    }

    private static byte[] point(int value) {
        byte[] octets = new byte[32];
        octets[31] = (byte) value;
        return octets;
    }

    @Test
    void DP_03_refusesSmallRsaKeys() {
        byte[] modulus = new byte[64];
        Arrays.fill(modulus, (byte) 0xff);
        assertRefused(
                judgeWithKey("RS256", "{\"kty\":\"RSA\",\"n\":\"" + TestKey.base64(modulus) + "\",\"e\":\"AQAB\"}"),
                ProofFault.KEY);
    }

    @Test
    void DP_03_refusesASignatureByAnotherKey() {
        assertRefused(judge(proof().signedBy(THIEF)), ProofFault.SIGNATURE);
    }

    @Test
    void DP_03_refusesAChangedProof() {
        String[] parts = proof().signed().split("\\.", -1);
        String[] other = proof().signed().split("\\.", -1);
        assertRefused(judge(parts[0] + "." + other[1] + "." + parts[2]), ProofFault.SIGNATURE);
        assertRefused(judge(parts[0] + "." + parts[1] + "." + TestKey.base64(new byte[64])), ProofFault.SIGNATURE);
        assertRefused(judge(parts[0] + "." + parts[1] + "."), ProofFault.SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "crit|[\"exp\"]",
                "crit|[]",
                "b64|false",
                "jku|\"https://evil.example\"",
                "x5u|\"https://evil.example\"",
                "x5c|[]",
                "zip|\"DEF\""
            })
    void DP_03_refusesFurtherHeaders(String name, String value) {
        assertRefused(judge(proof().header(name, value).signed()), ProofFault.MALFORMED);
    }

    // ---- DP-04

    @ParameterizedTest
    @ValueSource(strings = {"POST", "get", "GET ", "HEAD", ""})
    void DP_04_refusesAnotherMethod(String method) {
        assertRefused(judge(proof().claim("htm", TestProof.text(method)).signed()), ProofFault.METHOD);
    }

    @Test
    void DP_04_refusesTheProofOfAGetForAPost() {
        Exchange post =
                request().method(Method.POST).header("DPoP", proof().signed()).exchange();
        assertRefused(judge(check, post, TOKEN, KEY), ProofFault.METHOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com/orders/2",
                "https://api.example.com/orders/1/",
                "http://api.example.com/orders/1",
                "https://evil.example/orders/1",
                "/orders/1",
                ""
            })
    void DP_04_refusesAnotherUri(String uri) {
        assertRefused(judge(proof().claim("htu", TestProof.text(uri)).signed()), ProofFault.TARGET);
    }

    @Test
    void DP_04_goesByTheConfiguredUrlAndNotByTheHostField() {
        String there = proof().claim("htu", TestProof.text("https://evil.example/orders/1"))
                .signed();
        Exchange misled =
                request().authority("evil.example", -1).header("DPoP", there).exchange();
        assertRefused(judge(check, misled, TOKEN, KEY), ProofFault.TARGET);
        Exchange behindAProxy = request()
                .authority("10.0.0.1", 8080)
                .header("DPoP", proof().signed())
                .exchange();
        assertThat(judge(check, behindAProxy, TOKEN, KEY)).isEqualTo(Proof.HELD);
        assertThat(check.needsPublicUrl()).isTrue();
    }

    @Test
    void DP_04_ignoresTheQuery() {
        Exchange exchange =
                request().query("page=2").header("DPoP", proof().signed()).exchange();
        assertThat(judge(check, exchange, TOKEN, KEY)).isEqualTo(Proof.HELD);
    }

    // ---- DP-05

    @Test
    void DP_05_takesAProofOnce() {
        String proof = proof().signed();
        assertThat(judge(proof)).isEqualTo(Proof.HELD);
        assertRefused(judge(proof), ProofFault.REPLAYED);
        services.at(services.clock().instant().plusSeconds(60));
        assertRefused(judge(proof), ProofFault.REPLAYED);
    }

    @Test
    void DP_05_remembersAProofForAsLongAsItIsAcceptable() {
        String ahead = proof().claim("iat", Long.toString(now() + 10)).signed();
        assertThat(judge(ahead)).isEqualTo(Proof.HELD);
        Instant start = services.clock().instant();
        for (int second = 1; second <= 85; second++) {
            services.at(start.plusSeconds(second).plusMillis(second == 80 ? 999 : 0));
            assertThat(judge(ahead)).isInstanceOf(Proof.Refused.class);
        }
        assertRefused(judge(ahead), ProofFault.TIME);
    }

    @Test
    void DP_05_takesAProofOnceOnTwoNodesAtOnce() throws Exception {
        DpopCheck other = check(DpopRules.Nonce.OFF, services);
        for (int round = 0; round < 20; round++) {
            String proof = proof().signed();
            List<Callable<Proof>> nodes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                DpopCheck node = i % 2 == 0 ? check : other;
                nodes.add(() -> judge(node, with(proof), TOKEN, KEY));
            }
            List<Proof> outcomes = new ArrayList<>();
            try (ExecutorService callers = Executors.newFixedThreadPool(nodes.size())) {
                for (Future<Proof> outcome : callers.invokeAll(nodes)) {
                    outcomes.add(outcome.get());
                }
            }
            assertThat(outcomes).containsOnlyOnce(Proof.HELD);
        }
    }

    @Test
    void DP_05_aProofOfBeforeARestartNeedsANonce() {
        String used = proof().claim("iat", Long.toString(now() + 10)).signed();
        assertThat(judge(used)).isEqualTo(Proof.HELD);
        FakeServices again = new FakeServices();
        DpopCheck restarted = check(DpopRules.Nonce.AFTER_RESTART, again);
        Refusal refusal = refusal(judge(restarted, with(used), TOKEN, KEY));
        assertThat(refusal.code()).isEqualTo("proof-nonce");
        String nonce = Objects.requireNonNull(refusal.headers().first("dpop-nonce"));
        String withNonce = proof().claim("nonce", TestProof.text(nonce)).signed();
        assertThat(judge(restarted, with(withNonce), TOKEN, KEY)).isEqualTo(Proof.HELD);
        again.at(again.clock().instant().plusSeconds(11));
        String later = proof().claim("iat", Long.toString(now() + 11)).signed();
        assertThat(judge(restarted, with(later), TOKEN, KEY)).isEqualTo(Proof.HELD);
    }

    @Test
    void DP_05_theSameIdOfAnotherKeyIsAnotherProof() {
        assertThat(judge(proof().claim("jti", "\"1\"").signed())).isEqualTo(Proof.HELD);
        String other = TestProof.of(THIEF, "GET", URI, TOKEN, now())
                .claim("jti", "\"1\"")
                .signed();
        assertThat(judge(check, with(other), TOKEN, THIEF)).isEqualTo(Proof.HELD);
        assertRefused(judge(proof().claim("jti", "\"1\"").signed()), ProofFault.REPLAYED);
    }

    @Test
    void DP_05_proofsThatDoNotVerifyTakeNoRoom() {
        String good = proof().claim("jti", "\"1\"").signed();
        assertRefused(judge(proof().claim("jti", "\"1\"").signedBy(THIEF)), ProofFault.SIGNATURE);
        assertThat(judge(good)).isEqualTo(Proof.HELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "1", "[\"a\"]", "{}", "true"})
    void DP_05_refusesAProofWithoutId(String id) {
        assertRefused(judge(proof().claim("jti", id).signed()), ProofFault.CLAIMS);
        assertRefused(judge(proof().claim("jti", null).signed()), ProofFault.CLAIMS);
    }

    @Test
    void DP_05_refusesAnIdBeyondMeasure() {
        String longest = TestProof.text("x".repeat(1024));
        assertThat(judge(proof().claim("jti", longest).signed())).isEqualTo(Proof.HELD);
        String longer = TestProof.text("x".repeat(1025));
        assertRefused(judge(proof().claim("jti", longer).signed()), ProofFault.CLAIMS);
    }

    // ---- DP-06

    @ParameterizedTest
    @ValueSource(longs = {0, 10, -1, -60, -70})
    void DP_06_takesProofsOfNow(long offset) {
        assertThat(judge(proof().claim("iat", Long.toString(now() + offset)).signed()))
                .isEqualTo(Proof.HELD);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 3600, -71, -3600, -1_000_000_000})
    void DP_06_refusesProofsOfOtherTimes(long offset) {
        assertRefused(judge(proof().claim("iat", Long.toString(now() + offset)).signed()), ProofFault.TIME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-9223372036854775807",
                "9223372036854775807",
                "-1",
                "1767225600.0",
                "1.7672256e9",
                "\"1767225600\"",
                "true",
                "[1767225600]"
            })
    void DP_06_refusesWhatIsNoTime(String issuedAt) {
        assertRefused(judge(proof().claim("iat", issuedAt).signed()), ProofFault.TIME);
    }

    @Test
    void DP_06_aClockThatBeginsAnewMakesNoTimeOfWhatIsNone() {
        services.at(Instant.ofEpochSecond(20));
        DpopCheck early = check(DpopRules.Nonce.OFF, services);
        String proof = proof().claim("iat", "-1").signed();
        assertRefused(judge(early, with(proof), TOKEN, KEY), ProofFault.TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "NaN", "-9223372036854775809", "99999999999999999999999999"})
    void DP_06_refusesWhatIsNoNumber(String issuedAt) {
        assertRefused(judge(proof().claim("iat", issuedAt).signed()), ProofFault.MALFORMED);
    }

    @Test
    void DP_06_refusesAProofWithoutTime() {
        assertRefused(judge(proof().claim("iat", null).signed()), ProofFault.CLAIMS);
    }

    // ---- DP-07

    @Test
    void DP_07_asksForANonceAndTakesIt() {
        DpopCheck strict = check(DpopRules.Nonce.REQUIRED, services);
        Refusal refusal = refusal(judge(strict, with(proof().signed()), TOKEN, KEY));
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.headers().first("www-authenticate"))
                .startsWith("DPoP error=\"use_dpop_nonce\"")
                .contains("algs=");
        String nonce = Objects.requireNonNull(refusal.headers().first("dpop-nonce"));
        Exchange exchange = with(proof().claim("nonce", TestProof.text(nonce)).signed());
        assertThat(judge(strict, exchange, TOKEN, KEY)).isEqualTo(Proof.HELD);
        assertThat(exchange.responseEditsOrNull()).isNull();
    }

    @Test
    void DP_07_handsOutTheNextNonceBeforeThisOneEnds() {
        DpopCheck strict = check(DpopRules.Nonce.REQUIRED, services);
        Refusal refusal = refusal(judge(strict, with(proof().signed()), TOKEN, KEY));
        String nonce = Objects.requireNonNull(refusal.headers().first("dpop-nonce"));
        services.at(services.clock().instant().plusSeconds(Nonces.PERIOD));
        Exchange exchange = with(proof().claim("nonce", TestProof.text(nonce)).signed());
        assertThat(judge(strict, exchange, TOKEN, KEY)).isEqualTo(Proof.HELD);
        assertThat(exchange.responseEdits().name(0)).isEqualTo("dpop-nonce");
        String next = exchange.responseEdits().value(0);
        assertThat(next).isNotEqualTo(nonce);
        services.at(services.clock().instant().plusSeconds(Nonces.PERIOD));
        String old = proof().claim("nonce", TestProof.text(nonce)).signed();
        assertThat(refusal(judge(strict, with(old), TOKEN, KEY)).code()).isEqualTo("proof-nonce");
        String fresh = proof().claim("nonce", TestProof.text(next)).signed();
        assertThat(judge(strict, with(fresh), TOKEN, KEY)).isEqualTo(Proof.HELD);
    }

    @Test
    void DP_07_refusesNoncesOfOthers() {
        DpopCheck strict = check(DpopRules.Nonce.REQUIRED, services);
        DpopCheck foreign = check(DpopRules.Nonce.REQUIRED, new FakeServices());
        String nonce = Objects.requireNonNull(refusal(judge(foreign, with(proof().signed()), TOKEN, KEY))
                .headers()
                .first("dpop-nonce"));
        for (String wrong : List.of(TestProof.text(nonce), "\"\"", TestProof.text("x".repeat(2000)))) {
            String signed = proof().claim("nonce", wrong).signed();
            assertThat(refusal(judge(strict, with(signed), TOKEN, KEY)).code()).isEqualTo("proof-nonce");
        }
        assertRefused(judge(strict, with(proof().claim("nonce", "1").signed()), TOKEN, KEY), ProofFault.CLAIMS);
    }

    // ---- DP-08

    @Test
    void DP_08_refusesTheProofOfAnotherToken() {
        for (UnaryOperator<TestProof> change : List.<UnaryOperator<TestProof>>of(
                proof -> proof.claim("ath", null),
                proof -> proof.claim("ath", TestProof.text(TestProof.hash("other"))),
                proof -> proof.claim("ath", TestProof.text(TestProof.hash(TOKEN) + "=")),
                proof -> proof.claim("ath", TestProof.text("")),
                proof -> proof.claim("ath", "[" + TestProof.text(TestProof.hash(TOKEN)) + "]"),
                proof -> proof.claim("ath", "true"))) {
            assertRefused(judge(change.apply(proof()).signed()), ProofFault.TOKEN);
        }
        assertRefused(judge(check, with(proof().signed()), "another.token.", KEY), ProofFault.TOKEN);
    }

    // ---- DP-09

    @Test
    void DP_09_refusesAnotherKeyThanTheTokensOwn() {
        String stolen = TestProof.of(THIEF, "GET", URI, TOKEN, now()).signed();
        assertRefused(judge(check, with(stolen), TOKEN, KEY), ProofFault.BINDING);
        Exchange exchange = with(proof().signed());
        for (Object confirmation :
                List.of("", 1L, List.of(TestProof.thumbprint(KEY)), TestProof.thumbprint(KEY) + "=")) {
            assertRefused(check.check(exchange, "DPoP", TOKEN, Map.of("jkt", confirmation)), ProofFault.BINDING);
        }
        assertRefused(check.check(exchange, "DPoP", TOKEN, Map.of()), ProofFault.BINDING);
    }

    @Test
    void DP_09_furtherMembersDoNotChangeTheKey() {
        String jwk =
                "{\"use\":\"sig\",\"kid\":\"x\",\"alg\":\"ES256\",\"key_ops\":[\"verify\"]," + KEY.material() + "}";
        assertThat(judge(proof().header("jwk", jwk).signed())).isEqualTo(Proof.HELD);
    }

    @Test
    void DP_09_theThumbprintIsThatOfRfc7638() {
        String modulus =
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV"
                        + "4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6"
                        + "qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKn"
                        + "qDKgw";
        ProofKey key =
                ProofKey.of(Map.of("kty", "RSA", "n", modulus, "e", "AQAB", "alg", "RS256", "kid", "2011-04-29"));
        assertThat(Objects.requireNonNull(key).thumbprint()).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
