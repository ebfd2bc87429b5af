package dev.sallyport.extension.authz.opa;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.extension.authz.FakePolicyServer;
import dev.sallyport.testing.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// An Open Policy Agent on the loopback.
public final class FakeOpa implements FakePolicyServer {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Reply reply = new Reply(200, "application/json", "{}");
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile String question = "";
    private volatile Map<String, String> fields = Map.of();

    private record Reply(int status, String type, String body) {}

    public FakeOpa() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            fields = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(
                            entry -> entry.getKey().toLowerCase(Locale.ROOT),
                            entry -> entry.getValue().getFirst()));
            asked.incrementAndGet();
            Reply now = reply;
            awaitGate();
            byte[] octets = now.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", now.type());
            exchange.getResponseHeaders().set("Location", url());
            exchange.sendResponseHeaders(now.status(), octets.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(octets);
            }
        }
    }

    private void awaitGate() {
        try {
            gate.await(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Answers with this body.
    void answer(String json) {
        release();
        reply = new Reply(200, "application/json", json);
    }

    void answer(int status, String type, String body) {
        release();
        reply = new Reply(status, type, body);
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/data/shop/authz";
    }

    @Override
    public void allow(Map<String, String> headers) {
        String all = headers.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": \""
                        + entry.getValue().replace("\r", "\\r").replace("\n", "\\n") + "\"")
                .collect(Collectors.joining(", "));
        answer("{\"result\": {\"allow\": true, \"headers\": {" + all + "}}}");
    }

    @Override
    public void deny(int status, String reason) {
        answer("{\"result\": {\"allow\": false, \"status\": " + status + ", \"reason\": \""
                + reason.replace("\n", "\\n") + "\"}}");
    }

    @Override
    public void stall() {
        gate = new CountDownLatch(1);
    }

    @Override
    public void answerGarbage() {
        answer("{\"result\": {\"allow\": tru");
    }

    @Override
    public void answerTooMuch() {
        answer("{\"result\": true, \"more\": \"" + "x".repeat(1 << 20) + "\"}");
    }

    @Override
    public void redirect() {
        answer(307, "application/json", "{\"result\": true}");
    }

    @Override
    public void fail() {
        answer(500, "application/json", "{\"result\": true}");
    }

    @Override
    public void hold() {
        gate = new CountDownLatch(1);
    }

    @Override
    public void release() {
        gate.countDown();
    }

    @Override
    public int asked() {
        return asked.get();
    }

    @Override
    public String lastQuestion() {
        return question;
    }

    @Override
    public String lastField(String name) {
        return fields.getOrDefault(name, "");
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
