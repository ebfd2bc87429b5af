package dev.sallyport.extension.authn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.testing.Settled;
import dev.sallyport.testing.TestKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {
    private static final TestKey KEY = TestKey.of("k1", "ES256");
    private static final TestKey RSA = TestKey.of("r1", "RS256");

    private final JwtBench bench = new JwtBench(KEY, RSA);

    private Authentication show(Authenticator jwt, String token) {
        return Settled.of(jwt.authenticate(JwtBench.bearer(token)));
    }

    private Authentication show(String token) {
        return show(bench.jwt(), token);
    }

    @Test
    void takesATokenAndSaysWhoItIs() {
        Authentication found = show(KEY.token(bench.claims(
                "\"jti\":\"t1\",\"azp\":\"shop\",\"realm_access\":{\"roles\":[\"clerk\"]},\"tenant\":\"acme\"")));
        assertThat(found).isInstanceOf(Authentication.Proven.class);
        Principal caller = ((Authentication.Proven) found).principal();
        assertThat(caller.id()).isEqualTo("anna");
        assertThat(caller.roles()).containsExactly("clerk");
        assertThat(caller.tenant()).isEqualTo("acme");
        assertThat(caller.authenticator()).isEqualTo("staff");
        assertThat(caller.credential().kind()).isEqualTo("jwt");
        assertThat(caller.credential().issuer()).isEqualTo(JwtBench.ISSUER);
        assertThat(caller.credential().id()).isEqualTo("t1");
        assertThat(caller.credential().client()).isEqualTo("shop");
        assertThat(caller.credential().key()).isEqualTo("k1");
        assertThat(caller.credential().expiresAt()).isEqualTo(bench.now() + 300 + 30);
    }

    @Test
    void remembersWhatItVerified() {
        Authenticator jwt = bench.jwt();
        String token = KEY.token(bench.claims(""));
        Authentication first = show(jwt, token);
        Authentication second = jwt.authenticate(JwtBench.bearer(token));
        assertThat(second).as("the same, without waiting").isEqualTo(first);
        assertThat(jwt.authenticate(JwtBench.bearer(token)))
                .as("made once for all that follow")
                .isSameAs(second);
        assertThat(bench.outcomes(jwt)).containsEntry("verified", 1.0).containsEntry("remembered", 2.0);
    }

    @Test
    void JW_10_forgetsATokenThatExpires() {
        Authenticator jwt = bench.jwt();
        String token = KEY.token(bench.claims(""));
        assertThat(show(jwt, token)).isInstanceOf(Authentication.Proven.class);
        bench.pass(329);
        assertThat(show(jwt, token)).isInstanceOf(Authentication.Proven.class);
        bench.pass(1);
        assertThat(Settled.refusal(show(jwt, token)).code()).isEqualTo("token-expired");
    }

    @Test
    void JW_21_remembersTheWholeToken() {
        Authenticator jwt = bench.jwt();
        String token = KEY.token(bench.claims(""));
        assertThat(show(jwt, token)).isInstanceOf(Authentication.Proven.class);
        String forged = token.substring(0, token.length() - 4) + (token.endsWith("AAAA") ? "BBBA" : "AAAA");
        assertThat(Settled.refusal(show(jwt, forged)).code()).isEqualTo("token-signature");
        assertThat(Settled.refusal(show(jwt, forged)).code())
                .as("nor are bad ones remembered")
                .isEqualTo("token-signature");
        assertThat(bench.outcomes(jwt)).containsEntry("verified", 1.0);
    }

    /// Keys that are always said to be worth asking for anew, and never have the one that is wanted.
    private static final class Obliging implements KeySource {
        private int asked;

        @Override
        public KeySet current() {
            return KeySet.EMPTY;
        }

        @Override
        public String origin() {
            return "test";
        }

        @Override
        public @Nullable Instant learnt() {
            return null;
        }

        @Override
        public @Nullable Instant expires() {
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> refetch() {
            return asked++ < 10 ? CompletableFuture.completedStage(true) : null;
        }
    }

    @Test
    void JW_18_asksForKeysOncePerToken() {
        Obliging keys = new Obliging();
        assertThat(Settled.refusal(show(bench.with(keys), KEY.token(bench.claims(""))))
                        .code())
                .isEqualTo("token-key");
        assertThat(keys.asked).isEqualTo(1);
    }

    @Test
    void JW_18_checksSignaturesBesideTheEventLoop() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        bench.checkingBy(waiting::add);
        Authentication found = bench.jwt().authenticate(JwtBench.bearer(KEY.token(bench.claims(""))));
        assertThat(found).isInstanceOf(Authentication.Await.class);
        CompletableFuture<Authentication> awaited =
                ((Authentication.Await) found).authentication().toCompletableFuture();
        assertThat(awaited).as("nobody has looked at the signature yet").isNotDone();
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(awaited).isCompletedWithValueMatching(Authentication.Proven.class::isInstance);
        String secret = TestKey.hmacToken(
                JwtBench.SECRET.getBytes(StandardCharsets.US_ASCII), "{\"alg\":\"HS256\"}", bench.claims(""));
        assertThat(bench.withSecret().authenticate(JwtBench.bearer(secret)))
                .as("the MAC of a secret costs next to nothing")
                .isInstanceOf(Authentication.Proven.class);
        assertThat(waiting).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "nOnE", "NONE", "", " ES256", "es256", "HS256", "RS256", "ES384", "XX"})
    void JW_01_JW_02_JW_03_refusesOtherAlgorithmsThanTheKeys(String algorithm) {
        String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"k1\"}";
        String token = KEY.token(header, bench.claims(""));
        assertThat(Settled.refusal(show(token)).status()).isEqualTo(401);
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
        assertThat(Settled.refusal(show(unsigned)).status()).isEqualTo(401);
    }

    @Test
    void JW_02_refusesAPublicKeyUsedAsASecret() {
        String header = "{\"alg\":\"HS256\",\"kid\":\"r1\"}";
        for (byte[] secret : List.of(
                RSA.pair().getPublic().getEncoded(),
                RSA.jwk().getBytes(StandardCharsets.UTF_8),
                ("-----BEGIN PUBLIC KEY-----\n" + RSA.pair().getPublic()).getBytes(StandardCharsets.UTF_8))) {
            Refusal refusal = Settled.refusal(show(TestKey.hmacToken(secret, header, bench.claims(""))));
            assertThat(refusal.code()).isEqualTo("token-algorithm");
        }
    }

    @Test
    void JW_03_refusesAnAlgorithmThatIsNotAllowedThoughTheKeyIsForIt() {
        Authenticator jwt = bench.jwt("algorithms: [ES256]");
        assertThat(show(jwt, KEY.token(bench.claims("")))).isInstanceOf(Authentication.Proven.class);
        assertThat(Settled.refusal(show(jwt, RSA.token(bench.claims("")))).code())
                .isEqualTo("token-algorithm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../dev/null", "k1' OR '1'='1", "https://evil.example/k", "\\u0000", "K1", "k1 ", ""})
    void JW_05_takesTheKeyIdForAName(String id) {
        String header = "{\"alg\":\"ES256\",\"kid\":\"" + id + "\"}";
        assertThat(Settled.refusal(show(KEY.token(header, bench.claims("")))).code())
                .isEqualTo("token-key");
    }

    @Test
    void JW_05_triesNoKeysOut() {
        String header = "{\"alg\":\"ES256\"}";
        assertThat(show(KEY.token(header, bench.claims(""))))
                .as("the only one that fits")
                .isInstanceOf(Authentication.Proven.class);
        JwtBench two = new JwtBench(KEY, TestKey.of("k2", "ES256"));
        assertThat(Settled.refusal(show(two.jwt(), KEY.token(header, bench.claims(""))))
                        .code())
                .isEqualTo("token-key");
    }

    static Stream<Arguments> JW_09_times() {
        return Stream.of(
                        "1e400",
                        "NaN",
                        "\"9999\"",
                        "-1",
                        "1.5",
                        "1".repeat(400),
                        "9223372036854775808",
                        "9223372036854775807",
                        "4102444801",
                        "null",
                        "[1]",
                        "true",
                        "-9223372036854775808")
                .flatMap(value -> Stream.of("exp", "nbf", "iat").map(name -> Arguments.of(name, value)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("JW_09_times")
    void JW_09_refusesTimesThatAreNone(String name, String value) {
        boolean absent = value.equals("null") && !name.equals("exp");
        String claims = bench.claimsWith(name, value);
        Authentication found = show(KEY.token(claims));
        if (absent) {
            assertThat(found).as("null is absent").isInstanceOf(Authentication.Proven.class);
        } else {
            assertThat(Settled.refusal(found).code()).isIn("token-claims", "token-malformed");
        }
    }

    static Stream<Arguments> JW_10_skewed() {
        return Stream.of(
                Arguments.of("exp", -29, ""),
                Arguments.of("exp", -30, "token-expired"),
                Arguments.of("exp", -31, "token-expired"),
                Arguments.of("nbf", 30, ""),
                Arguments.of("nbf", 31, "token-not-yet-valid"),
                Arguments.of("iat", 30, ""),
                Arguments.of("iat", 31, "token-not-yet-valid"),
                Arguments.of("iat", -601, "token-lifetime"),
                Arguments.of("iat", -600, ""));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("JW_10_skewed")
    void JW_10_allowsTheSkewAndNoMore(String name, int offset, String code) {
        Authenticator jwt = bench.jwt("max-lifetime: 15m");
        String claims = bench.claimsWith(name, Long.toString(bench.now() + offset));
        Authentication found = show(jwt, KEY.token(claims));
        if (code.isEmpty()) {
            assertThat(found).isInstanceOf(Authentication.Proven.class);
        } else {
            assertThat(Settled.refusal(found).code()).isEqualTo(code);
        }
    }

    @Test
    void JW_10_refusesATokenWithoutTimesThatALifetimeNeeds() {
        Authenticator jwt = bench.jwt("max-lifetime: 15m");
        assertThat(Settled.refusal(show(jwt, KEY.token(bench.claimsWithout("iat"))))
                        .code())
                .isEqualTo("token-claims");
        assertThat(Settled.refusal(show(KEY.token(bench.claimsWithout("exp")))).code())
                .isEqualTo("token-claims");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"https://id.example.com/realms/staff/\"",
                "\"https://id.example.com/realms/staf\"",
                "\"https://id.example.com/realms/staff2\"",
                "\"https://ID.example.com/realms/staff\"",
                "\"http://id.example.com/realms/staff\"",
                "[\"https://id.example.com/realms/staff\"]",
                "null",
                "\"\""
            })
    void JW_11_refusesEveryOtherIssuer(String issuer) {
        Authentication found = show(KEY.token(bench.claimsWith("iss", issuer)));
        assertThat(Settled.refusal(found).code()).isEqualTo("token-issuer");
        if (issuer.startsWith("\"h")) {
            assertThat(found).as("somebody else may know it").isInstanceOf(Authentication.Unclaimed.class);
        }
    }

    static Stream<Arguments> JW_11_audiences() {
        String many = "\"x\",".repeat(100);
        return Stream.of(
                Arguments.of("\"orders-api\"", true),
                Arguments.of("[\"orders-api\"]", true),
                Arguments.of("[\"other\",\"orders-api\"]", true),
                Arguments.of("\"orders\"", true),
                Arguments.of("[]", false),
                Arguments.of("\"orders-api2\"", false),
                Arguments.of("\"ORDERS-API\"", false),
                Arguments.of("\"orders-api,other\"", false),
                Arguments.of("[\"orders-api\",7]", false),
                Arguments.of("[[\"orders-api\"]]", false),
                Arguments.of("{\"orders-api\":1}", false),
                Arguments.of("7", false),
                Arguments.of("null", false),
                Arguments.of("[" + many + "\"orders-api\"]", false));
    }

    @ParameterizedTest
    @MethodSource("JW_11_audiences")
    void JW_11_JW_17_takesItsOwnAudienceAlone(String audience, boolean good) {
        Authentication found = show(KEY.token(bench.claimsWith("aud", audience)));
        if (good) {
            assertThat(found).isInstanceOf(Authentication.Proven.class);
        } else {
            assertThat(Settled.refusal(found).code()).isEqualTo("token-audience");
        }
    }

    @Test
    void JW_11_refusesATokenWithoutAudience() {
        assertThat(Settled.refusal(show(KEY.token(bench.claimsWithout("aud")))).code())
                .isEqualTo("token-audience");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dpop+jwt", "logout+jwt", "secevent+jwt", "token-introspection+jwt", "oauth-authz-req+jwt", "x"})
    void JW_12_refusesTokensForSomethingElse(String type) {
        String header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"" + type + "\"}";
        assertThat(Settled.refusal(show(KEY.token(header, bench.claims("")))).code())
                .isEqualTo("token-type");
    }

    static Stream<Arguments> JW_12_types() {
        return Stream.of(
                Arguments.of(",\"typ\":\"at+jwt\"", true),
                Arguments.of(",\"typ\":\"AT+JWT\"", true),
                Arguments.of(",\"typ\":\"application/at+jwt\"", true),
                Arguments.of(",\"typ\":\"Application/AT+JWT\"", true),
                Arguments.of(",\"typ\":\"JWT\"", false),
                Arguments.of("", false));
    }

    @ParameterizedTest
    @MethodSource("JW_12_types")
    void JW_12_takesAccessTokensAloneWhereItIsTold(String type, boolean good) {
        Authenticator jwt = bench.jwt("token-type: at+jwt");
        String header = "{\"alg\":\"ES256\",\"kid\":\"k1\"" + type + "}";
        String claims = bench.claims("\"jti\":\"t1\",\"client_id\":\"shop\"");
        Authentication found = show(jwt, KEY.token(header, claims));
        assertThat(found instanceof Authentication.Proven).isEqualTo(good);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"})
    void JW_12_requiresEveryClaimOfAnAccessToken(String name) {
        Authenticator jwt = bench.jwt("token-type: at+jwt");
        String header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}";
        String claims = bench.claims("\"jti\":\"t1\",\"client_id\":\"shop\"");
        assertThat(show(jwt, KEY.token(header, claims))).isInstanceOf(Authentication.Proven.class);
        String without = claims.replaceFirst("\"" + name + "\":", "\"x" + name + "\":");
        assertThat(Settled.refusal(show(jwt, KEY.token(header, without))).status())
                .isEqualTo(401);
    }

    @Test
    void JW_17_refusesATokenOfAMegabyte() {
        assertThat(Settled.refusal(show("a".repeat(1 << 20))).code()).isEqualTo("token-too-large");
        String roles = "\"role\",".repeat(1000) + "\"role\"";
        String large = KEY.token(bench.claims("\"realm_access\":{\"roles\":[" + roles + "]}"));
        assertThat(Settled.refusal(show(large)).status()).isEqualTo(401);
    }

    static Stream<Arguments> JW_22_places() {
        String token = "aaa.bbb.ccc";
        return Stream.of(
                Arguments.of("Bearer", 400),
                Arguments.of("Bearer ", 400),
                Arguments.of("Bearer  " + token, 400),
                Arguments.of("Bearer " + token + " x", 400),
                Arguments.of("Bearer\t" + token, 400),
                Arguments.of("Bearer " + token + ",x", 400),
                Arguments.of("Bearer " + token + "\"", 400),
                Arguments.of("bearer " + token, 401),
                Arguments.of("BEARER " + token, 401),
                Arguments.of("Bearer " + token, 401));
    }

    @ParameterizedTest
    @MethodSource("JW_22_places")
    void JW_22_takesOneSchemeOneSpaceOneToken(String field, int status) {
        Exchange exchange = Exchanges.request().header("Authorization", field).exchange();
        Refusal refusal = Settled.refusal(Settled.of(bench.jwt().authenticate(exchange)));
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.headers().first("www-authenticate"))
                .startsWith(
                        "Bearer error=\"" + (status == 400 ? "invalid_request" : "invalid_token") + "\", error_desc");
    }

    @Test
    void JW_22_takesATokenFromNoOtherPlace() {
        String token = KEY.token(bench.claims(""));
        Exchange exchange = Exchanges.request()
                .query("access_token=" + token)
                .header("Cookie", "access_token=" + token)
                .header("X-Authorization", "Bearer " + token)
                .exchange();
        assertThat(bench.jwt().authenticate(exchange)).isEqualTo(Authentication.NO_CREDENTIAL);
        Exchange twice = Exchanges.request()
                .header("Authorization", "Bearer " + token)
                .header("authorization", "Bearer " + token)
                .exchange();
        assertThat(Settled.refusal(bench.jwt().authenticate(twice)).status()).isEqualTo(400);
    }

    @Test
    void leavesOtherSchemesAndOpaqueTokensToOthers() {
        Exchange basic =
                Exchanges.request().header("Authorization", "Basic YTpi").exchange();
        assertThat(bench.jwt().authenticate(basic)).isEqualTo(Authentication.NO_CREDENTIAL);
        assertThat(show("2YotnFZFEjr1zCsicMWpAA")).isInstanceOf(Authentication.Unclaimed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"admin\\nX-Role: root\"", "\"a\\u0000\"", "\"a\\u2028b\"", "[\"anna\"]", "7", "\"\"", "null"})
    void JW_23_refusesSubjectsThatAreNoNames(String subject) {
        assertThat(Settled.refusal(show(KEY.token(bench.claimsWith("sub", subject))))
                        .code())
                .isEqualTo("token-claims");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"clerk\"", "[\"clerk\",7]", "{\"clerk\":true}", "null"})
    void JW_23_takesNoRolesOfAnotherType(String roles) {
        Authentication found = show(KEY.token(bench.claims("\"realm_access\":{\"roles\":" + roles + "}")));
        assertThat(((Authentication.Proven) found).principal().roles()).isEmpty();
    }

    @Test
    void takesSecretsOfHashSize() {
        Authenticator jwt = bench.withSecret();
        byte[] secret = JwtBench.SECRET.getBytes(StandardCharsets.UTF_8);
        String header = "{\"alg\":\"HS256\",\"kid\":\"whatever\"}";
        assertThat(jwt.authenticate(JwtBench.bearer(TestKey.hmacToken(secret, header, bench.claims("")))))
                .as("on the loop")
                .isInstanceOf(Authentication.Proven.class);
        secret[0] ^= 1;
        assertThat(Settled.refusal(show(jwt, TestKey.hmacToken(secret, header, bench.claims(""))))
                        .code())
                .isEqualTo("token-signature");
        assertThat(Settled.refusal(show(jwt, KEY.token(bench.claims("")))).code())
                .isEqualTo("token-algorithm");
    }

    @Test
    void saysWhatIsWrongInConstantTexts() {
        Refusal refusal = Settled.refusal(show(KEY.token(bench.claimsWith("exp", "1"))));
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.headers().first("www-authenticate"))
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"The token has expired.\"");
        assertThat(bench.jwt().challenges()).containsExactly("Bearer");
        assertThat(bench.jwt().authorizationServers()).containsExactly(JwtBench.ISSUER);
        assertThat(bench.jwt().credentialFields()).containsExactly("authorization");
    }
}
