package dev.sallyport.testing.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sallyport.testing.otlp.FakeCollector.Answer;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The HTTP side of a [FakeCollector].
final class HttpCollector implements FakeCollector.Server {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    HttpCollector(FakeCollector collector, @Nullable SSLContext tls, int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            if (tls == null) {
                server = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(collector, exchange));
        server.start();
    }

    private static void serve(FakeCollector collector, HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> head = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> head.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            head.put(":path", exchange.getRequestURI().getPath());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if ("gzip".equals(head.get("content-encoding"))) {
                body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            }
            Answer answer = collector.received(exchange.getRequestURI().getPath(), head, body);
            if (answer.retryAfter() >= 0) {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(answer.retryAfter()));
            }
            int status = switch (answer.kind()) {
                case TAKEN -> 200;
                case BUSY -> 503;
                case LATER -> 429;
                case BAD -> 400;
                case SILENCE -> 500;
            };
            byte[] message = ExportTraceServiceResponse.newBuilder()
                    .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                            .setRejectedSpans(answer.rejected())
                            .setErrorMessage(answer.message()))
                    .build()
                    .toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(status, message.length);
            exchange.getResponseBody().write(message);
        }
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
