package dev.sallyport.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A token issuer on loopback with discovery and a JWK set, both of which can be made to go wrong.
public final class FakeIssuer implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger keySetsServed = new AtomicInteger();
    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private volatile String keySet;
    private volatile int status = 200;
    private volatile @Nullable CountDownLatch held;

    private FakeIssuer(String keySet) {
        this.keySet = keySet;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Thread::startVirtualThread);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = documents.get(path);
            int answer = body == null ? 404 : 200;
            if (path.equals("/keys")) {
                keySetsServed.incrementAndGet();
                await(held);
                body = this.keySet;
                answer = status;
            }
            byte[] octets = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer, octets.length == 0 ? -1 : octets.length);
            exchange.getResponseBody().write(octets);
            exchange.close();
        });
        server.start();
        documents.put(
                "/realms/shop/.well-known/openid-configuration",
                "{\"issuer\":\"" + name() + "\",\"jwks_uri\":\"" + keysUrl() + "\"}");
    }

    private static void await(@Nullable CountDownLatch latch) {
        try {
            if (latch != null && !latch.await(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("held for ever");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A started issuer with the public keys of `keys`.
    public static FakeIssuer of(TestKey... keys) {
        return new FakeIssuer(TestKey.set(keys));
    }

    /// The issuer's identifier.
    public String name() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/shop";
    }

    public String keysUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    /// Serves this text as the JWK set.
    public FakeIssuer keys(String text) {
        keySet = text;
        return this;
    }

    /// Serves these keys.
    public FakeIssuer keys(TestKey... keys) {
        return keys(TestKey.set(keys));
    }

    /// Serves JWK sets with this status.
    public FakeIssuer status(int code) {
        status = code;
        return this;
    }

    /// Serves `text` at `path`; nothing when null.
    public FakeIssuer document(String path, @Nullable String text) {
        if (text == null) {
            documents.remove(path);
        } else {
            documents.put(path, text);
        }
        return this;
    }

    /// Answers no request for keys until the latch returned is counted down.
    public CountDownLatch hold() {
        CountDownLatch latch = new CountDownLatch(1);
        held = latch;
        return latch;
    }

    /// How often keys were asked for.
    public int keySetsServed() {
        return keySetsServed.get();
    }

    @Override
    public void close() {
        CountDownLatch latch = held;
        if (latch != null) {
            latch.countDown();
        }
        server.stop(0);
    }
}
