package dev.sallyport.extension.condition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What conditions see of an exchange, and what they answer.
class ConditionValuesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            authenticated → true
            principal.id == "ada" → true
            principal.authenticator == "staff" && principal.tenant == "acme" → true
            "clerk" in principal.roles → true
            "cler" in principal.roles → false
            principal.roles.exists(r, r.startsWith("read")) → true
            size(principal.roles) == 2 → true
            path.tenant == principal.tenant → true
            path["id"] == "7" → true
            path.order == "7" → path.order has no value
            has(path.order) → false
            has(path.id) → true
            "id" in path → true
            size(path) == 2 → true
            principal.claims.groups.exists(g, g == "orders-clerks") → true
            "x" in principal.claims.groups → true
            principal.claims.level > 2 → true
            principal.claims.level >= 2.5 → true
            principal.claims.ratio < 1 → true
            principal.claims.on_call → true
            principal.claims.address.country == "DE" → true
            principal.claims["https://example.com/dept"] == "sales" → true
            principal.claims.missing == 1 → claims.missing has no value
            has(principal.claims.missing) → false
            has(principal.claims.address.country) → true
            has(principal.claims.address.street) → false
            has(principal.claims.level.x) → something that is asked for has no value
            principal.credential.kind == "jwt" → true
            principal.credential.issuer == "https://id.example.com" → true
            principal.credential.id == "t-1" && principal.credential.client == "shop" → true
            has(principal.credential.key) → false
            principal.credential.key == "k" → credential.key has no value
            time.now - principal.credential.issued_at == duration("60s") → true
            principal.credential.expires_at > time.now → true
            request.method in ["GET", "HEAD"] → true
            request.method == "POST" → false
            request.scheme == "http" → true
            request.host == "shop.example.com" → true
            request.path == "/acme/orders/7" && request.path.startsWith("/acme/") → true
            request.query.contains("limit=10") → true
            request.protocol == "http/1.1" → true
            request.id == "0123456789abcdeffedcba9876543210" → true
            request.route == "orders" → true
            query.limit == "10" && int(query.limit) <= 100 → true
            query.tag == "a" → query parameter tag occurs several times
            has(query.tag) → query parameter tag occurs several times
            has(query_all.tag) → true
            "x-many" in headers → header x-many occurs several times
            "x-many" in headers_all → true
            query_all.tag == ["a", "b"] → true
            query.empty == "" && query.flag == "" → true
            query.name == "Jürgen K" → true
            has(query.nope) → false
            query_all.nope == [] → query_all.nope has no value
            headers["x-channel"] == "web" → true
            headers["content-type"].matches("^application/(json|xml)$") → true
            headers["x-many"] == "one" → header x-many occurs several times
            headers_all["x-many"] == ["one", "two"] → true
            headers_all["x-many"].all(v, v != "three") → true
            headers["x-none"] == "" → something that is asked for has no value
            has(headers.accept) → false
            headers.accept == "" → headers.accept has no value
            "x-none" in headers → false
            headers.exists(n, n == "authorization" || n == "x-forwarded-for") → false
            headers.exists(n, n.startsWith("x-chan")) → true
            client.address == "192.0.2.7" && client.port == 54321 → true
            client.address.inRange("192.0.2.0/24") → true
            client.address.inRange("10.0.0.0/8") → false
            client.address.inRange(["10.0.0.0/8", "192.0.2.7"]) → true
            client.listener == "public" && !client.tls → true
            has(client.tls_version) || has(client.certificate) → false
            client.tls_version == "TLSv1.3" → client.tls_version has no value
            time.now == timestamp("2026-03-02T08:30:00Z") → true
            time.now.getHours("Europe/Berlin") == 9 && time.now.getHours() == 8 → true
            time.now.getDayOfWeek("Europe/Berlin") == 1 → true
            query.tag == "a" || true → true
            true || query.tag == "a" → true
            query.tag == "a" && false → false
            query.tag == "a" || false → query parameter tag occurs several times
            authenticated ? principal.id == "ada" : false → true
            1 / int(query.limit) == 0 → true
            1 / (int(query.limit) - 10) == 0 → division by zero
            principal.roles[5] == "x" → a list has fewer items
            int(headers["x-channel"]) == 1 → a value has not the form that is needed
            9223372036854775807 + int(query.limit) > 0 → a number is too large
            """)
    void ofAda(String text, String answer) {
        assertThat(Asked.of(text, Asked.exchange())).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            authenticated → false
            principal.id == "" → principal.id has no value
            principal.id != "ada" → principal.id has no value
            has(principal.id) → false
            has(principal.credential.id) → principal.credential has no value
            authenticated && principal.tenant == path.tenant → false
            !authenticated && request.method == "GET" → true
            principal.roles == [] → principal.roles has no value
            """)
    void anonymousCallersHaveNoPrincipal(String text, String answer) {
        assertThat(Asked.of(text, Asked.anonymous())).isEqualTo(answer);
    }
}
