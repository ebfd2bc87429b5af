package dev.sallyport.controlplane.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The admin listener: plain HTTP on its own port, one virtual thread per request.
public final class AdminServer implements AutoCloseable, MetricSource {
    private static final int MAX_BODY = 64 << 10;
    private static final int BACKLOG = 64;

    static {
        limit("sun.net.httpserver.maxReqHeaders", "64");
        limit("sun.net.httpserver.maxReqHeaderSize", "16384");
        limit("sun.net.httpserver.maxReqTime", "10");
        limit("sun.net.httpserver.maxRspTime", "60");
        limit("sun.net.httpserver.idleInterval", "30");
        limit("jdk.httpserver.maxConnections", "256");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final AdminGuard guard;
    private final EventLog log;
    private final AdminWitness witness;
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile Map<String, Map<String, AdminEndpoint>> endpoints;

    private AdminServer(
            HttpServer server,
            AdminSettings settings,
            List<AdminEndpoint> offered,
            EventLog log,
            AdminWitness witness) {
        this.witness = witness;
        this.server = server;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("admin-", 0).factory());
        this.guard = new AdminGuard(settings, System::nanoTime, log);
        this.log = log;
        this.endpoints = byPath(offered);
    }

    /// Binds the port, which then waits for [#serve()].
    ///
    /// @throws IOException the address cannot be bound; the message says which
    public static AdminServer bind(
            AdminSettings settings, List<AdminEndpoint> endpoints, EventLog log, AdminWitness witness)
            throws IOException {
        try {
            HttpServer server = HttpServer.create(settings.bind(), BACKLOG);
            AdminServer admin = new AdminServer(server, settings, endpoints, log, witness);
            server.createContext("/", admin::serve);
            server.setExecutor(admin.threads);
            return admin;
        } catch (IOException e) {
            InetSocketAddress wanted = settings.bind();
            throw new IOException(
                    "cannot bind " + wanted.getHostString() + ":" + wanted.getPort() + ": " + e.getMessage(), e);
        }
    }

    /// Begins to answer.
    public void serve() {
        server.start();
    }

    /// From now on, wants what `settings` say (but for the address, which stays) and offers these endpoints.
    public void replace(AdminSettings settings, List<AdminEndpoint> offered) {
        guard.replace(settings);
        endpoints = byPath(offered);
    }

    private Map<String, Map<String, AdminEndpoint>> byPath(List<AdminEndpoint> offered) {
        Map<String, Map<String, AdminEndpoint>> paths = new HashMap<>();
        for (AdminEndpoint endpoint : offered) {
            paths.computeIfAbsent(endpoint.path(), _ -> new TreeMap<>()).put(endpoint.method(), endpoint);
        }
        for (AdminEndpoint endpoint : new SessionEndpoints(guard).all()) {
            paths.computeIfAbsent(endpoint.path(), _ -> new TreeMap<>()).put(endpoint.method(), endpoint);
        }
        return paths;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            AdminResponse response;
            AdminRole[] known = {null};
            try {
                response = answer(exchange, known);
            } catch (RuntimeException e) {
                log.failure(
                        Event.INTERNAL_ERROR,
                        e,
                        "admin.path",
                        exchange.getRequestURI().getRawPath());
                response = AdminResponse.problem(500, "internal", "Internal error", "The log says more.");
            }
            tell(exchange, response, known[0]);
            send(exchange, response);
        }
    }

    /// Before the answer: whoever has it may rely on its being noted.
    private void tell(HttpExchange exchange, AdminResponse response, @Nullable AdminRole known) {
        String method = exchange.getRequestMethod();
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (reads && response.status() != 401 && response.status() != 403 && response.status() != 429) {
            return;
        }
        String query = exchange.getRequestURI().getRawQuery();
        witness.saw(new AdminWitness.Act(
                exchange.getRemoteAddress(),
                known == null ? "nobody" : known.identity(),
                method,
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                response.status(),
                response.reason()));
    }

    /// @param known is told what the sender is
    private AdminResponse answer(HttpExchange exchange, @Nullable AdminRole[] known) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        Map<String, Map<String, AdminEndpoint>> offered = endpoints;
        Map<String, AdminEndpoint> methods = offered.getOrDefault(path, Map.of());
        AdminEndpoint endpoint = methods.get(method.equals("HEAD") ? "GET" : method);
        InetAddress peer = exchange.getRemoteAddress().getAddress();
        AdminRole needed = endpoint == null ? AdminRole.READER : endpoint.role();
        AdminRole role;
        switch (guard.judge(method, exchange.getRequestHeaders(), peer, needed)) {
            case AdminGuard.Refused refused -> {
                return refused.refusal();
            }
            case AdminGuard.Taken taken -> role = taken.role();
        }
        known[0] = role;
        if (methods.isEmpty()) {
            return AdminResponse.problem(
                    404,
                    "admin-unknown-path",
                    "Not found",
                    "There is: " + String.join(" ", new TreeSet<>(offered.keySet())));
        }
        if (endpoint == null) {
            String allowed = String.join(", ", methods.keySet());
            return AdminResponse.problem(405, "admin-method", "Method not allowed", "Allowed: " + allowed)
                    .with("Allow", allowed);
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            return AdminResponse.problem(413, "admin-body", "Body too large", "No endpoint takes more than 64 KiB.");
        }
        String query = exchange.getRequestURI().getRawQuery();
        return endpoint.handler()
                .handle(new AdminRequest(
                        peer,
                        role,
                        AdminGuard.cookie(exchange.getRequestHeaders()),
                        method,
                        path,
                        query == null ? "" : query,
                        exchange.getRequestHeaders().getFirst("Accept"),
                        exchange.getRequestHeaders().getFirst("Content-Type"),
                        body));
    }

    private void send(HttpExchange exchange, AdminResponse response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", response.contentType());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        response.headers().forEach(headers::set);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        AdminStream stream = response.stream();
        if (stream != null && !head) {
            exchange.sendResponseHeaders(response.status(), 0);
            stream.write(exchange.getResponseBody(), this::pause);
            return;
        }
        byte[] body = response.body();
        if (head) {
            headers.set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(response.status(), head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private boolean pause(Duration time) {
        try {
            return !ending.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void collect(MetricSink sink) {
        guard.collect(sink);
    }

    /// Stops; requests under way get a moment.
    @Override
    public void close() {
        ending.countDown();
        server.stop(1);
        threads.close();
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
