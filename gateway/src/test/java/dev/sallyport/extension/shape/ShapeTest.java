package dev.sallyport.extension.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.testing.FakeServices;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
    private static final PluginContext CONTEXT = new PluginContext("r", 1, new FakeServices());

    private static RoutePolicies rewrite(
            @Nullable String path, @Nullable String host, Rewrite.Config.@Nullable Headers h) throws PluginException {
        return new Rewrite.Factory().create(new Rewrite.Config(path, host, h), CONTEXT);
    }

    private static Rewrite.Config.Headers request(Rewrite.Changes changes) {
        return new Rewrite.Config.Headers(changes, null);
    }

    private static RoutePolicies redirect(
            @Nullable Integer status,
            @Nullable String scheme,
            @Nullable String host,
            @Nullable String path,
            Redirect.@Nullable Query query)
            throws PluginException {
        return new Redirect.Factory().create(new Redirect.Config(status, scheme, host, null, path, query), CONTEXT);
    }

    private static Decision decide(RoutePolicies policies, Exchange exchange) {
        return policies.policies().getFirst().decide(exchange);
    }

    private static Exchange routed(String path, String... parameters) {
        Exchange exchange = Exchanges.request().path(path).query("a=b").exchange();
        exchange.routed("r", "/t", parameters);
        return exchange;
    }

    @Test
    void rewritesThePathAndKeepsTheQuery() throws PluginException {
        Exchange exchange = routed("/orders/7", "id", "7");
        assertThat(decide(rewrite("/v1/orders/{id}/lines", null, null), exchange))
                .isEqualTo(Decision.PROCEED);
        assertThat(exchange.upstreamPath()).isEqualTo("/v1/orders/7/lines?a=b");
        assertThat(exchange.request().path()).isEqualTo("/orders/7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../..", "..;x", "a\\b", "a//b", "", "%2e%2e", "a b", "a\r\nb"})
    void PA_17_SM_25_refusesAPathThatWouldEscapeOrMeanSomethingElse(String value) throws PluginException {
        Exchange exchange = routed("/x", "id", value);
        Decision decision = decide(rewrite("/v1/{id}/", null, null), exchange);
        assertThat(decision).isInstanceOf(Decision.Refuse.class);
        assertThat(exchange.upstreamPath()).isNull();
    }

    @Test
    void changesHostAndFields() throws PluginException {
        Exchange exchange = routed("/x");
        decide(
                rewrite(
                        null,
                        "inner.example:81",
                        request(new Rewrite.Changes(Map.of("X-A", "1"), Map.of("X-B", "2"), List.of("X-C")))),
                exchange);
        assertThat(exchange.upstreamHost()).isEqualTo("inner.example:81");
        Headers received = Headers.of("x-a", "0", "x-c", "0", "x-d", "0");
        assertThat(exchange.requestEdits().removes(received, 0)).isTrue();
        assertThat(exchange.requestEdits().removes(received, 1)).isTrue();
        assertThat(exchange.requestEdits().removes(received, 2)).isFalse();
        assertThat(exchange.requestEdits().additions()).isEqualTo(2);
    }

    @Test
    void changesFieldsOfTheResponse() throws PluginException {
        RoutePolicies policies = rewrite(
                null,
                null,
                new Rewrite.Config.Headers(null, new Rewrite.Changes(Map.of("X-Frame-Options", "DENY"), null, null)));
        Exchange exchange = routed("/x");
        policies.responsePolicies()
                .getFirst()
                .onResponse(exchange, new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1));
        assertThat(exchange.responseEdits().name(0)).isEqualToIgnoringCase("x-frame-options");
    }

    @ParameterizedTest
    @CsvSource({
        "'Host', x",
        "'Content-Length', 1",
        "'Transfer-Encoding', chunked",
        "'Connection', x",
        "'a b', x",
        "'', x",
        "'X-A', 'a\rb'",
        "'X-A', 'a\nb'",
    })
    void SM_25_refusesFieldsThatFrameOrBreakLines(String name, String value) {
        assertThatThrownBy(() -> rewrite(null, null, request(new Rewrite.Changes(Map.of(name, value), null, null))))
                .isInstanceOf(PluginException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "/a?b", "/a#b", "/a/../b", "/a//b", "/{id", "/{1}", "/a/**/b", "/%61", "/a b"})
    void refusesPathsThatAreNoTemplates(String path) {
        assertThatThrownBy(() -> rewrite(path, null, null)).isInstanceOf(PluginException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "user@host", "a:99999", "a:", "a\r\nb"})
    void refusesHostsThatAreNone(String host) {
        assertThatThrownBy(() -> rewrite(null, host, null)).isInstanceOf(PluginException.class);
    }

    private static String location(RoutePolicies policies, Exchange exchange) {
        assertThat(decide(policies, exchange)).isInstanceOf(Decision.Answer.class);
        Decision.Answer answer = (Decision.Answer) decide(policies, exchange);
        String location = answer.response().headers().first("location");
        return answer.response().status() + " " + location;
    }

    @Test
    void redirects() throws PluginException {
        assertThat(location(redirect(308, null, null, "/new/{id}", null), routed("/old/7", "id", "7")))
                .isEqualTo("308 /new/7?a=b");
        assertThat(location(redirect(null, "https", null, null, Redirect.Query.DROP), routed("/x")))
                .isEqualTo("302 https://shop.example.com/x");
        assertThat(location(redirect(301, null, "other.example", null, null), routed("/x")))
                .isEqualTo("301 http://other.example/x?a=b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/evil.example", "\\evil.example", "/\\evil.example"})
    void PA_04_neverLeadsToAnotherHostThroughThePath(String value) throws PluginException {
        Decision decision = decide(redirect(302, null, null, "/{id}", null), routed("/x", "id", value));
        assertThat(decision).isInstanceOf(Decision.Refuse.class);
    }

    @Test
    void refusesARedirectToItselfAndUnknownStatuses() {
        assertThatThrownBy(() -> redirect(302, null, null, null, null)).isInstanceOf(PluginException.class);
        assertThatThrownBy(() -> redirect(200, "https", null, null, null)).isInstanceOf(PluginException.class);
        assertThatThrownBy(() -> redirect(302, "ftp", null, null, null)).isInstanceOf(PluginException.class);
    }
}
