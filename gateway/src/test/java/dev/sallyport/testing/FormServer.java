package dev.sallyport.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// A server on the loopback that takes forms, as an authorization server does, and answers as told.
public final class FormServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Form> forms = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile Function<Form, Reply> answers;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /// A form that came.
    public record Form(String path, Map<String, String> fields, Map<String, String> headers) {
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    /// What is answered.
    public record Reply(int status, String contentType, String body) {
        public static Reply json(String body) {
            return new Reply(200, "application/json", body);
        }
    }

    private FormServer(Function<Form, Reply> answers, @Nullable HttpsConfigurator tls) throws IOException {
        this.answers = answers;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        scheme = tls == null ? "http" : "https";
        if (tls == null) {
            server = HttpServer.create(address, 64);
        } else {
            HttpsServer secure = HttpsServer.create(address, 64);
            secure.setHttpsConfigurator(tls);
            server = secure;
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// A server that answers each form with what `answers` makes of it.
    public static FormServer answering(Function<Form, Reply> answers) {
        try {
            return new FormServer(answers, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same by TLS, as `context` sets it up.
    ///
    /// @param clientCertificate whether clients have to show one
    public static FormServer answering(SSLContext context, boolean clientCertificate, Function<Form, Reply> answers) {
        try {
            return new FormServer(answers, new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                    ssl.setNeedClientAuth(clientCertificate);
                    parameters.setSSLParameters(ssl);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
            Map<String, String> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Form form = new Form(exchange.getRequestURI().getPath(), fields(body), headers);
            forms.add(form);
            awaitGate();
            Reply reply = answers.apply(form);
            byte[] octets = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            open.decrementAndGet();
            exchange.sendResponseHeaders(reply.status(), octets.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(octets);
            }
        }
    }

    private void awaitGate() {
        try {
            if (!gate.await(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody lets this server answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> fields(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /// Answers differently from now on.
    public void answer(Function<Form, Reply> changed) {
        answers = changed;
    }

    /// Keeps every answer back until [#release()].
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
    }

    /// An URL here.
    public String url(String path) {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /// Every form that came.
    public List<Form> forms() {
        return List.copyOf(forms);
    }

    /// The form that came last, or null.
    public @Nullable Form lastForm() {
        return forms.isEmpty() ? null : forms.getLast();
    }

    /// How many forms were here at the same moment at most.
    public int mostOpen() {
        return mostOpen.get();
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
