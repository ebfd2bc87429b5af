package dev.sallyport.extension.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.PageOrigin;
import dev.sallyport.api.exchange.Preflight;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.testing.FakeServices;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrowserTest {
    private static final PluginContext CONTEXT = new PluginContext("r", 1, new FakeServices());

    private static ClientConnection connection(@Nullable String tls, @Nullable String publicUrl) {
        return new ClientConnection(
                new InetSocketAddress(Exchanges.address("192.0.2.7"), 54321),
                new ClientConnection.Listener("public", List.of(), publicUrl),
                tls,
                null,
                List.of());
    }

    private static List<String> told(SecurityHeaders.Config config, ClientConnection connection, Headers upstream)
            throws PluginException {
        Exchange exchange = Exchanges.request().connection(connection).exchange();
        new SecurityHeaders.Factory()
                .create(config, CONTEXT)
                .responsePolicies()
                .getFirst()
                .onResponse(exchange, new ResponseHead(200, upstream, HttpVersion.HTTP_1_1));
        HeaderEdits edits = exchange.responseEdits();
        List<String> told = new ArrayList<>();
        for (int i = 0; i < edits.additions(); i++) {
            told.add(edits.name(i) + ": " + edits.value(i));
        }
        for (int i = 0; i < upstream.count(); i++) {
            if (edits.removes(upstream, i)) {
                told.add("without " + upstream.name(i));
            }
        }
        return told;
    }

    private static SecurityHeaders.Config transport(@Nullable String value) {
        return new SecurityHeaders.Config(value, null, null, null, null, null, null, null, null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, , true",
        "TLSv1.3, https://shop.example.com, true",
        ", https://shop.example.com, true",
        ", http://shop.example.com, false",
        ", , false"
    })
    void TL_13_strictTransportIsToldOverHttpsOnly(@Nullable String tls, @Nullable String publicUrl, boolean told)
            throws PluginException {
        List<String> all = told(transport(null), connection(tls, publicUrl), Headers.EMPTY);
        assertThat(all.contains("strict-transport-security: max-age=31536000")).isEqualTo(told);
        assertThat(all).contains("x-content-type-options: nosniff");
    }

    @Test
    void aConfiguredValueReplacesTheUpstreamsAndADefaultDoesNot() throws PluginException {
        Headers upstream = Headers.of("Strict-Transport-Security", "max-age=1");
        ClientConnection secure = connection("TLSv1.3", null);
        assertThat(told(transport("max-age=63072000; includeSubDomains"), secure, upstream))
                .contains(
                        "strict-transport-security: max-age=63072000; includeSubDomains",
                        "without Strict-Transport-Security");
        assertThat(told(transport(null), secure, upstream)).noneMatch(line -> line.contains("trict-transport"));
        assertThat(told(transport("off"), secure, upstream)).noneMatch(line -> line.contains("trict-transport"));
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, POST, POST",
        "OPTIONS, DELETE, DELETE",
        "OPTIONS, post, ",
        "OPTIONS, TRACE, ",
        "OPTIONS, CONNECT, ",
        "OPTIONS, '', ",
        "OPTIONS, 'POST, PUT', ",
        "GET, POST, "
    })
    void AZ_12_AZ_02_whatAPreflightAsksAbout(Method method, String asked, @Nullable Method found) {
        Exchanges request = Exchanges.request()
                .method(method)
                .header("origin", "https://a.example")
                .header("access-control-request-method", asked);
        assertThat(Preflight.asked(request.exchange().request())).isEqualTo(found);
        Exchange twice = request.method(method)
                .header("origin", "https://a.example")
                .header("access-control-request-method", "POST")
                .header("access-control-request-method", "POST")
                .exchange();
        assertThat(Preflight.asked(twice.request())).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'origin, accept', origin, true",
        "'Accept,ORIGIN', origin, true",
        "' origin ', origin, true",
        "'original', origin, false",
        "'x-origin', origin, false",
        "'or igin', origin, false",
        "'', origin, false",
        "'accept, *', *, true"
    })
    void namesInListsAreFoundWhole(String value, String wanted, boolean found) {
        assertThat(FieldList.holds(Headers.of("vary", value), 0, wanted)).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({
        "'content-type', false, true",
        "'Content-Type , X-A', false, true",
        "'content-type,,x-a,', false, true",
        "'', false, true",
        "'content-type, x-b', false, false",
        "'x-a x-b', false, false",
        "'x-b, anything', true, true",
        "'x-b, Authorization', true, false"
    })
    void AZ_12_everyNameHasToBeListed(String value, boolean every, boolean allowed) {
        String[] names = {"content-type", "x-a"};
        assertThat(FieldList.allIn(Headers.of("a", value), 0, names, every)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example.com, , OWN",
        "http://shop.example.com, same-origin, OWN",
        ", same-origin, OWN",
        "'null', same-origin, OWN",
        ", none, USER",
        "http://shop.example.com, none, OTHER",
        "'null', , OTHER",
        "https://shop.example.com, , OTHER",
        "http://shop.example.com.evil.test, , OTHER",
        "http://shop.example.com, cross-site, OTHER",
        ", same-site, OTHER",
        ", , UNTOLD"
    })
    void OA_09_whosePageItIs(@Nullable String origin, @Nullable String site, PageOrigin expected) {
        Exchanges request = Exchanges.request().method(Method.POST);
        if (origin != null) {
            request.header("origin", origin);
        }
        if (site != null) {
            request.header("sec-fetch-site", site);
        }
        assertThat(PageOrigin.of(request.exchange())).isEqualTo(expected);
    }
}
