package dev.sallyport.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathParametersTest {
    private static Exchange routed(String path, String template, String... parameters) {
        CanonicalRequest request = new CanonicalRequest(
                Method.GET, "http", new Authority("a", -1), path, 0, null, Headers.EMPTY, HttpVersion.HTTP_1_1);
        InetAddress client = InetAddress.getLoopbackAddress();
        Exchange exchange = new Exchange(
                request,
                new ClientConnection(new InetSocketAddress(client, 1), "public", null, null),
                Runnable::run,
                0,
                new Exchange.Origin(client, new TraceContext(1, 2, 3, 0, false), 4, 5, 6, 7));
        exchange.routed("route", template, parameters);
        return exchange;
    }

    @ParameterizedTest
    @CsvSource({
        "/, /**, ''",
        "/a/b/, /**, a/b/",
        "//a, /**, /a",
        "/files, /files/**, ''",
        "/files/, /files/**, ''",
        "/files/a, /files/**, a",
        "/files/a/b%2Fc, /files/**, a/b%2Fc",
        "/files//a, /files/**, /a",
        "/v1/7, /v1/{id}/**, ''",
        "/v1/7/lines/1, /v1/{id}/**, lines/1"
    })
    void restIsWhatTheLastWildcardMatched(String path, String template, String rest) {
        assertThat(routed(path, template).pathParameter(Exchange.REST)).isEqualTo(rest);
    }

    @Test
    void namedParametersComeFromTheRoute() {
        Exchange exchange = routed("/v1/7", "/v1/{id}", "id", "7");
        assertThat(exchange.pathParameter("id")).isEqualTo("7");
        assertThat(exchange.pathParameter("other")).isNull();
        assertThat(exchange.pathParameter(Exchange.REST)).isNull();
    }
}
