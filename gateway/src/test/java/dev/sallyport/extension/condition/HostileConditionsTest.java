package dev.sallyport.extension.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.testing.TestCertificates;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conditions about what an attacker or a careless issuer has made: several values, values of other types, values that
/// are very many or very long. Whatever has no answer refuses.
class HostileConditionsTest {
    private static Exchange claiming(Map<String, ? extends @Nullable Object> claims) {
        return Asked.by(
                new Principal("ada", "staff", "acme", Set.of("reader"), Claims.of(claims), Asked.CREDENTIAL),
                Asked.request());
    }

    private static Exchange asking(Exchanges request) {
        return Asked.by(Asked.ADA, request);
    }

    // ---- AZ-03: several values

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            query.role == "user" → query parameter role occurs several times
            query["role"] != "admin" → query parameter role occurs several times
            "role" in query → query parameter role occurs several times
            query.exists(name, name == "role" && query[name] == "admin") → query parameter role occurs several times
            query.exists(name, name == "role") → true
            query == {"role": "user"} → query parameter role occurs several times
            size(query) == 1 → true
            size(query_all.role) == 3 → true
            query_all.role.all(r, r == "user") → false
            query_all.role.exists(r, r == "admin") → true
            "admin" in query_all.role → true
            headers["x-kind"] == "user" → header x-kind occurs several times
            headers["x-kind"] != "admin" → header x-kind occurs several times
            !("x-kind" in headers) → header x-kind occurs several times
            headers_all["x-kind"] == ["user", "admin"] → true
            headers["x-list"] == "user" → false
            headers["x-list"].contains("admin") → true
            """)
    void AZ_03_noneOfSeveralValuesSpeaksForTheOthers(String text, String answer) {
        Exchanges request = Exchanges.request()
                .path("/acme/orders/7")
                .query("role=user&%72ole=admin&r%6fle=user")
                .header("X-Kind", "user")
                .header("x-KIND", "admin")
                .header("X-List", "user, admin");
        assertThat(Asked.of(text, asking(request))).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            query.a == "%" → query parameter a is not encoded as UTF-8
            query.b == "\uFFFD" → query parameter b is not encoded as UTF-8
            query.c == "/" → query parameter c is not encoded as UTF-8
            query.d == "+ " → true
            query.e == "a=b" → true
            query[""] == "x" → true
            query_all.b == [] → query parameter b is not encoded as UTF-8
            has(query.g) → query parameter g is not encoded as UTF-8
            query.exists(name, name == "a") → a name in the query is not valid
            """)
    void AZ_03_valuesThatAreNotEncodedRightAreNone(String text, String answer) {
        Exchanges request = Exchanges.request().query("a=%2&b=%ff&c=%c0%af&d=%2B+&e=a=b&=x&%fe=1&g=%zz");
        assertThat(Asked.of(text, asking(request))).isEqualTo(answer);
    }

    /// What a condition names by another value, as `headers[query.name]`, is no way round what is hidden.
    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            headers[query.a] == "Bearer secret" → something that is asked for has no value
            headers_all[query.a].exists(v, true) → something that is asked for has no value
            query.a in headers → false
            headers[query.b] == "web" → something that is asked for has no value
            headers.exists(name, headers[name] == "Bearer secret") → header x-many occurs several times
            headers.exists(name, name in ["authorization", "x-forwarded-for", "cookie"]) → false
            path[query.c] == "7" → true
            path[query.a] == "7" → something that is asked for has no value
            """)
    void AZ_03_namesOutOfRequestsFindNothingHidden(String text, String answer) {
        Exchanges request =
                Asked.request().query("a=authorization&b=X-Channel&c=id").header("Cookie", "a=b");
        assertThat(Asked.of(text, asking(request))).isEqualTo(answer);
    }

    // ---- AZ-05: types of claims

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            principal.claims.number == 7 → true
            principal.claims.number == 7.0 → true
            principal.claims.number == "7" → false
            principal.claims.text == 7 → false
            path.id == principal.claims.number → false
            path.id == string(principal.claims.number) → true
            int(path.id) == principal.claims.number → true
            path.id == principal.claims.text → true
            principal.claims.text > 6 → a value is of an unexpected type
            principal.claims.yes == "true" → false
            principal.claims.yes → true
            principal.claims.yesText → the expression has no value of type bool
            principal.claims.yesText && true → a value is of an unexpected type
            principal.claims.yesText || true → true
            principal.claims.list == "a" → false
            principal.claims.list.startsWith("a") → a value is of an unexpected type
            "a" in principal.claims.list → true
            "a" in principal.claims.listText → a value is of an unexpected type
            principal.claims.listText.exists(x, x == "a") → a value is of an unexpected type
            type(principal.claims.map) == list && "admin" in principal.claims.map → false
            "admin" in principal.claims.map → true
            principal.claims.map == {"admin": true} → true
            principal.claims.mixed.exists(x, x == "b") → true
            principal.claims.mixed.exists(x, x.startsWith("b")) → true
            principal.claims.mixed.all(x, x.startsWith("b")) → a value is of an unexpected type
            principal.claims.mixed[0] == 1 → true
            has(principal.claims.absent) → false
            has(principal.claims.nothing) → false
            principal.claims.nothing == null → claims.nothing has no value
            principal.claims.nothing != "blocked" → claims.nothing has no value
            principal.claims.list[1] == null → a list has fewer items
            principal.claims.orgs.exists(o, o.id == "x" && o.role == "admin") → false
            principal.claims.orgs.exists(o, o.id == "y" && o.role == "admin") → true
            principal.claims.orgs.exists(o, o.rank > 1) → something that is asked for has no value
            principal.claims["a.b"] == 1 → true
            has(principal.claims.a) → false
            principal.claims.huge > 1 → true
            principal.claims.huge == 1e300 → true
            principal.claims.big + 1 > 0 → a number is too large
            principal.claims["7"] == 1 → something that is asked for has no value
            principal.claims.map[7] == 1 → something that is asked for has no value
            """)
    void AZ_05_aValueOfAnotherTypeIsNoSuchValue(String text, String answer) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("number", 7L);
        claims.put("text", "7");
        claims.put("yes", true);
        claims.put("yesText", "true");
        claims.put("list", List.of("a"));
        claims.put("listText", "a,b");
        claims.put("map", Map.of("admin", true));
        claims.put("mixed", List.of(1L, "b", List.of("b"), Map.of("b", 1L)));
        claims.put("nothing", null);
        claims.put("orgs", List.of(Map.of("id", "x", "role", "user"), Map.of("id", "y", "role", "admin")));
        claims.put("a.b", 1L);
        claims.put("huge", 1e300);
        claims.put("big", Long.MAX_VALUE);
        assertThat(Asked.of(text, claiming(claims))).isEqualTo(answer);
    }

    @Test
    void AZ_05_moreItemsThanMayBeLookedAtRefuse() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i <= Language.ITERATIONS; i++) {
            many.add("g" + i);
        }
        Exchange exchange = claiming(Map.of("groups", many));
        String bound = "lists of more than 1000 items in all";
        assertThat(Asked.of("principal.claims.groups.exists(g, g == 'nobody')", exchange))
                .isEqualTo(bound);
        assertThat(Asked.of("principal.claims.groups.all(g, g.startsWith('g'))", exchange))
                .isEqualTo(bound);
        assertThat(Asked.of("!principal.claims.groups.exists(g, g == 'blocked')", exchange))
                .isEqualTo(bound);
        assertThat(Asked.of("'g1000' in principal.claims.groups", exchange)).isEqualTo("true");
        // in all, not for each
        Exchange half = claiming(Map.of("groups", many.subList(0, 600)));
        assertThat(Asked.of("principal.claims.groups.all(g, g.startsWith('g'))", half))
                .isEqualTo("true");
        assertThat(Asked.of(
                        "principal.claims.groups.all(g, g.startsWith('g')) && principal.claims.groups.all(g, g != 'x')",
                        half))
                .isEqualTo(bound);
        assertThat(Asked.of("principal.claims.groups.exists(a, principal.claims.groups.exists(b, a + b == ''))", half))
                .isEqualTo(bound);
    }

    @Test
    void AZ_05_manyRolesAreBoundedToo() {
        Set<String> roles = new LinkedHashSet<>();
        for (int i = 0; i < 5_000; i++) {
            roles.add("r" + i);
        }
        Exchange exchange = Asked.by(new Principal("ada", "staff", roles), Asked.request());
        assertThat(Asked.of("principal.roles.exists(r, r == 'none')", exchange)).contains("1000 items");
        assertThat(Asked.of("'r4999' in principal.roles", exchange)).isEqualTo("true");
        assertThat(Asked.of("'none' in principal.roles", exchange)).isEqualTo("false");
    }

    // ---- AZ-11: what cannot be evaluated, and what it costs

    private static Map<String, Object> nested(int depth) {
        Map<String, Object> innermost = new LinkedHashMap<>(Map.of("end", 1L));
        for (int i = 0; i < depth; i++) {
            innermost = new LinkedHashMap<>(Map.of("in", innermost));
        }
        return innermost;
    }

    @Test
    void AZ_11_claimsThatNestTooDeepHaveNoAnswer() throws Exception {
        // copied on a thread with room, as whoever reads them has refused them long before
        Exchange[] exchange = new Exchange[1];
        Thread copying = new Thread(
                null,
                () -> exchange[0] = claiming(Map.of("one", nested(20_000), "two", nested(20_000))),
                "copying",
                1L << 30);
        copying.start();
        copying.join();
        Condition condition = Asked.condition("principal.claims.one == principal.claims.two");
        assertThatThrownBy(() -> condition.holds(exchange[0]))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("the expression cannot be evaluated");
        assertThat(condition.parts(exchange[0])).isNotEmpty();
    }

    @Test
    void AZ_11_whatIsWrongIsSaidWithoutWhatWasSent() {
        Exchange exchange =
                asking(Exchanges.request().query("n=s3cret&d=s3cret").header("x-n", "s3cret"));
        for (String text : List.of(
                "int(query.n) > 1",
                "duration(query.d) > duration('1s')",
                "timestamp(headers['x-n']) > time.now",
                "query.n.inRange('10.0.0.0/8')",
                "principal.claims[query.n] == 1",
                "principal.claims.groups[int(query.n)] == ''")) {
            assertThatThrownBy(() -> Asked.condition(text).holds(exchange))
                    .as(text)
                    .isInstanceOf(EvaluationException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void AZ_11_longTextsAreNotSearchedAtAnyCost() {
        String longText = "a".repeat(60_000);
        Exchange exchange =
                asking(Exchanges.request().header("x-text", longText).header("x-short", "aaab"));
        assertThat(Asked.of("headers['x-text'].contains('" + "a".repeat(200) + "b')", exchange))
                .isEqualTo("contains: too long a text for too long a search");
        assertThat(Asked.of("headers['x-text'].contains(headers['x-text'])", exchange))
                .isEqualTo("contains: too long a text for too long a search");
        assertThat(Asked.of("headers['x-text'].contains('ab')", exchange)).isEqualTo("false");
        assertThat(Asked.of("headers['x-text'].matches('a{50}b$')", exchange))
                .isEqualTo("matches: too long a text for this expression");
        assertThat(Asked.of("headers['x-short'].matches('b$')", exchange)).isEqualTo("true");
        assertThat(Asked.of("headers['x-short'].matches('^b')", exchange)).isEqualTo("false");
        assertThat(Asked.of("headers['x-short'].matches('a')", exchange)).isEqualTo("true");
    }

    /// The worst that an expression may be, and a text that makes the worst of it: what backtracks takes for ever.
    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            (a+)+$
            (a|aa)+$
            (a*)*b
            ^(([a-z])+.)+[A-Z]([a-z])+$
            (.*)*x
            a{1,300}b
            """)
    void AZ_11_matchingTakesNoLongerThanTheTextIsLong(String pattern) {
        Exchange exchange = asking(Exchanges.request().header("x-text", "a".repeat(3_000) + "!"));
        Condition condition = Asked.condition("headers['x-text'].matches('" + pattern + "')");
        Instant begun = Instant.now();
        for (int i = 0; i < 5; i++) {
            try {
                assertThat(condition.holds(exchange)).isFalse();
            } catch (EvaluationException e) {
                assertThat(e).hasMessage("matches: too long a text for this expression");
            }
        }
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void AZ_11_textsMadeUpInAnExpressionAreBounded() {
        // what it takes to double a text again and again has to be written out, and that is bounded
        String doubled = "principal.id";
        for (int i = 0; i < 12; i++) {
            doubled = "(" + doubled + "+" + doubled + ")";
        }
        String tooLong = "size(" + doubled + ") > 0";
        assertThatThrownBy(() -> new CelExpressions(() -> Asked.NOW).condition(tooLong))
                .isInstanceOf(ExpressionException.class);
    }

    // ---- addresses

    private static String from(String address, String range) {
        ClientConnection connection =
                new ClientConnection(new InetSocketAddress(Exchanges.address(address), 1), "public", null, null);
        Exchange exchange = asking(Exchanges.request().connection(connection));
        return Asked.of("client.address.inRange(\"" + range + "\")", exchange);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.0.0.0/8, true",
        "::ffff:10.1.2.3, 10.0.0.0/8, true",
        "::ffff:10.1.2.3, ::/0, false",
        "10.1.2.3, ::/0, false",
        "2001:db8::1, 0.0.0.0/0, false",
        "2001:db8:0:0:0:0:0:1, 2001:DB8::/32, true",
        "2001:db8::1, 2001:db8::1, true",
        "2001:db8::1, 2001:db8::2, false",
        "2001:db8:8000::1, 2001:db8::/33, false",
        "2001:db8:7fff::1, 2001:db8::/33, true",
        "::1, 127.0.0.0/8, false",
        "fe80::1%1, fe80::/10, true",
        "::10.1.2.3, 10.0.0.0/8, false",
        "64:ff9b::10.1.2.3, 10.0.0.0/8, false",
        "2002:a01:203::1, 10.0.0.0/8, false"
    })
    void AZ_11_addressesOfBothKinds(String address, String range, String answer) {
        assertThat(from(address, range)).isEqualTo(answer);
    }

    @Test
    void anAddressHasOneSpelling() {
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(Exchanges.address("fe80:0:0:0:0:0:0:A%1"), 1), "public", null, null);
        Exchange exchange = asking(Exchanges.request().connection(connection));
        assertThat(Asked.of("client.address == 'fe80::a'", exchange)).isEqualTo("true");
    }

    /// Texts that some programs take for an address, and others for another one or none.
    @ParameterizedTest
    @CsvSource({
        "10",
        "10.1",
        "10.1.515",
        "167837955",
        "0x0a010203",
        "012.1.2.3",
        "10.1.2.3.",
        "10.1.2.3/8",
        "10.1.2.3:80",
        "[::1]",
        "' 10.1.2.3'",
        "'10.1.2.3 '",
        "''",
        "localhost",
        "::1%lo",
        "::ffff:10.1.2",
        "256.1.1.1",
        "10.1.2.3%0",
        "１０.1.2.3"
    })
    void AZ_11_whatIsNoAddressIsInNoRange(String text) {
        Exchange exchange = claiming(Map.of("address", text));
        assertThat(Asked.of("principal.claims.address.inRange('0.0.0.0/0')", exchange))
                .isEqualTo("inRange: no address");
        assertThat(Asked.of("!principal.claims.address.inRange('10.0.0.0/8')", exchange))
                .isEqualTo("inRange: no address");
    }

    @Test
    void whereTheClientIsBehindAProxyItsAddressIsMeantAndItsPortIsNotKnown() {
        Exchange exchange = asking(Exchanges.request().client(Exchanges.address("198.51.100.9")));
        assertThat(Asked.of("client.address == '198.51.100.9'", exchange)).isEqualTo("true");
        assertThat(Asked.of("client.address.inRange('192.0.2.0/24')", exchange)).isEqualTo("false");
        assertThat(Asked.of("client.port == 54321", exchange)).isEqualTo("client.port has no value");
    }

    // ---- certificates

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            client.certificate.subject == "O=Acme,CN=billing" → true
            client.certificate.subject.contains("CN=billing") → true
            client.certificate.issuer == "CN=test authority" → true
            client.certificate.issuer == client.certificate.subject → false
            client.certificate.dns == ["billing.internal", "b2.internal"] → true
            "billing.internal" in client.certificate.dns → true
            "billing" in client.certificate.dns → false
            "192.0.2.1" in client.certificate.dns → false
            client.certificate.uri == ["spiffe://acme/billing"] → true
            client.certificate.uri.exists(u, u.startsWith("spiffe://acme/")) → true
            client.certificate.email == ["ops@acme.test"] → true
            client.certificate.not_after > time.now → true
            client.certificate.not_after == timestamp("2040-01-01T00:00:00Z") → true
            client.certificate.fingerprint.matches("^[0-9a-f]{64}$") → true
            client.certificate.serial.matches("^[0-9a-f]+$") → true
            """)
    void certificatesAreWhatTheirOwnerProved(String text, String answer) {
        TestCertificates authority = TestCertificates.authority("test authority");
        TestCertificates.Issued issued = authority.issue(wanted -> wanted.subject("CN=billing,O=Acme")
                .names("billing.internal", "b2.internal", "192.0.2.1")
                .uri("spiffe://acme/billing")
                .email("ops@acme.test")
                .until(Instant.parse("2040-01-01T00:00:00Z")));
        assertThat(Asked.of(text, showing(issued))).isEqualTo(answer);
    }

    private static Exchange showing(TestCertificates.Issued issued) {
        List<java.security.cert.X509Certificate> chain = new ArrayList<>(issued.chain());
        chain.add(TestCertificates.authority("somebody above").certificate());
        return asking(Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress(Exchanges.address("192.0.2.7"), 54321),
                        new ClientConnection.Listener("public", List.of(), null),
                        "TLSv1.3",
                        "shop.example.com",
                        chain)));
    }

    @Test
    void serialAndFingerprintAreTheCertificatesOwn() throws Exception {
        TestCertificates.Issued issued = TestCertificates.authority("a").client("spiffe://acme/x");
        String serial = issued.certificate().getSerialNumber().toString(16);
        String fingerprint = java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(issued.certificate().getEncoded()));
        assertThat(Asked.of(
                        "client.certificate.serial == '" + serial + "' && client.certificate.fingerprint == '"
                                + fingerprint + "'",
                        showing(issued)))
                .isEqualTo("true");
    }

    @Test
    void aCertificateWithoutNamesHasNone() {
        TestCertificates.Issued bare = TestCertificates.authority("a").issue(wanted -> wanted.subject("CN=bare"));
        assertThat(Asked.of(
                        "client.certificate.dns == [] && client.certificate.uri == [] && client.certificate.email == []",
                        showing(bare)))
                .isEqualTo("true");
        assertThat(Asked.of("client.certificate.dns == []", Asked.exchange()))
                .isEqualTo("client.certificate has no value");
    }
}
