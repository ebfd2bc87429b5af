package dev.sallyport.remote;

import dev.sallyport.api.plugin.OffLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A small HTTP client for identity providers and policy servers: no redirects, certificates verified, a bound on the
/// time of the whole
/// call and on the size of the answer (threats JW-19, OA-13, OA-17).
///
/// Blocks; for virtual threads. Safe for many at once.
@OffLoop("virtual threads of whoever asks")
public final class Fetcher implements AutoCloseable {
    private static final int PIECE = 8192;

    private final HttpClient client;
    private final Duration timeout;
    private final int most;

    /// @param timeout of a whole call
    /// @param most    octets of body accepted
    /// @param trust   whom to believe, or null for the authorities of the Java runtime
    public Fetcher(Duration timeout, int most, @Nullable SSLContext trust) {
        this.timeout = timeout;
        this.most = most;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        if (trust != null) {
            builder.sslContext(trust);
        }
        this.client = builder.build();
    }

    /// What was answered.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Answer(int status, String contentType, byte[] body) {
        /// The body as UTF-8.
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// Fetches `uri`.
    ///
    /// @throws IOException it could not be had in time, or is too large
    public Answer get(URI uri, Map<String, String> headers) throws IOException {
        return send(request(uri, headers).GET().build());
    }

    /// Sends a form.
    ///
    /// @throws IOException no whole answer was to be had in time, or it is too large
    public Answer post(URI uri, Map<String, String> form, Map<String, String> headers) throws IOException {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest.Builder request = request(uri, headers).header("Content-Type", "application/x-www-form-urlencoded");
        return send(request.POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    /// Sends `body`, of a type that is among `headers`.
    ///
    /// @throws IOException no whole answer was to be had in time, or it is too large
    public Answer post(URI uri, byte[] body, Map<String, String> headers) throws IOException {
        return send(request(uri, headers)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private HttpRequest.Builder request(URI uri, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
        headers.forEach(request::header);
        return request;
    }

    private Answer send(HttpRequest request) throws IOException {
        CompletableFuture<Answer> call = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(this::read, Thread::startVirtualThread);
        try {
            return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            throw new IOException(request.uri() + ": no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(request.uri() + ": " + why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancel(true);
            throw new IOException(request.uri() + ": interrupted", e);
        }
    }

    private Answer read(HttpResponse<InputStream> response) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (InputStream in = response.body()) {
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                if (body.size() + n > most) {
                    throw new CompletionException(new IOException("more than " + most + " octets"));
                }
                body.write(piece, 0, n);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        String type = response.headers().firstValue("content-type").orElse("");
        return new Answer(response.statusCode(), type, body.toByteArray());
    }

    /// Says what is wrong with `uri` as the address of a server that decides who may: it must be `https`, or `http` on
    /// a
    /// loopback address (threat OA-17); null when nothing is.
    public static @Nullable String problem(URI uri) {
        String host = uri.getHost();
        if (host == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            return uri + " (expected: an absolute https URL)";
        }
        boolean loopback = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
        boolean fine = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback);
        return fine ? null : uri + " (expected: an https URL; http only on a loopback address)";
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
