package dev.sallyport.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A small server that sells three things, on loopback.
public final class DemoShop implements AutoCloseable {
    private static final List<String> PRODUCTS = List.of("lantern", "rope", "compass");
    private static final Set<String> TAKEN = Set.of("/orders", "/payments", "/parcels");
    private static final String PRODUCT_PATH = "/v1/products/";
    private static final int MAX_ID = 9;

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private DemoShop(String name, HttpServer server) {
        this.name = name;
        this.server = server;
    }

    /// Opens a shop called `name`.
    ///
    /// @param port 0 for any free one
    /// @throws IOException the port is taken; the message says so
    public static DemoShop open(String name, int port) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
        } catch (IOException e) {
            throw new IOException(
                    "port " + port + " for the demo's own server " + name + " cannot be had: " + e.getMessage(), e);
        }
        DemoShop shop = new DemoShop(name, server);
        server.createContext("/", shop::serve);
        server.setExecutor(shop.threads);
        server.start();
        return shop;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            if (exchange.getRequestMethod().equals("POST") && TAKEN.contains(path)) {
                String user = exchange.getRequestHeaders().getFirst("X-User");
                answer(
                        exchange,
                        201,
                        "{\"done\": \"" + path.substring(1) + "\", \"for\": \"" + user + "\", \"served-by\": \"" + name
                                + "\"}");
                return;
            }
            int id = path.startsWith(PRODUCT_PATH) ? number(path.substring(PRODUCT_PATH.length())) : -1;
            if (id < 0) {
                answer(exchange, 404, "{\"error\": \"the shop has no such thing\", \"served-by\": \"" + name + "\"}");
            } else {
                String product = PRODUCTS.get(id % PRODUCTS.size());
                answer(
                        exchange,
                        200,
                        "{\"id\": " + id + ", \"name\": \"" + product + "\", \"served-by\": \"" + name + "\"}");
            }
        }
    }

    private static int number(String text) {
        boolean digit = text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '0' + MAX_ID;
        return digit ? text.charAt(0) - '0' : -1;
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
