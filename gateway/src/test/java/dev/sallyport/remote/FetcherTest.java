package dev.sallyport.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetcherTest {
    private final CountDownLatch done = new CountDownLatch(1);
    private HttpServer server;
    private Fetcher fetcher;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/echo", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/large", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[2000]);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            exchange.getResponseHeaders().set("Location", "/echo");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/never", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        fetcher = new Fetcher(Duration.ofMillis(300), 1000, null);
    }

    @AfterEach
    void stop() {
        done.countDown();
        fetcher.close();
        server.stop(0);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Test
    void sendsForms() throws IOException {
        Fetcher.Answer answer = fetcher.post(uri("/echo"), Map.of("a", "b c&d"), Map.of());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("a=b+c%26d");
    }

    @Test
    void JW_19_takesNoMoreThanItWasTold() {
        assertThatIOException()
                .isThrownBy(() -> fetcher.get(uri("/large"), Map.of()))
                .withMessageContaining("more than 1000 octets");
    }

    @Test
    void JW_19_waitsNoLongerThanItWasToldForTheWholeAnswer() {
        assertThatIOException()
                .isThrownBy(() -> fetcher.get(uri("/never"), Map.of()))
                .withMessageContaining("within 300 ms");
    }

    @Test
    void JW_19_followsNoRedirects() throws IOException {
        assertThat(fetcher.get(uri("/elsewhere"), Map.of()).status()).isEqualTo(302);
    }

    @Test
    void OA_17_wantsHttpsBeyondLoopback() {
        assertThat(Fetcher.problem(URI.create("https://id.example.com/realms/a")))
                .isNull();
        assertThat(Fetcher.problem(URI.create("http://127.0.0.1:8080/"))).isNull();
        assertThat(Fetcher.problem(URI.create("http://127.0.0.1.example.com/"))).contains("expected: an https URL");
        assertThat(Fetcher.problem(URI.create("http://id.example.com/"))).contains("expected: an https URL");
        assertThat(Fetcher.problem(URI.create("/relative"))).contains("absolute");
        assertThat(Fetcher.problem(URI.create("https://user@id.example.com/"))).contains("absolute");
    }
}
