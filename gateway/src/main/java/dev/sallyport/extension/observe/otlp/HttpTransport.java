package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// OTLP over HTTP/1.1 with messages in protobuf. No redirects, no proxy of the environment, answers bounded.
@OffLoop("the thread of an outflow")
final class HttpTransport implements Transport {
    private static final int MOST_ANSWERED = 64 * 1024;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private final URI uri;
    private final CollectorSettings settings;
    private final HttpClient client;

    /// What was answered.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Answer(int status, String retryAfter, byte[] body) {}

    HttpTransport(CollectorSettings settings, Signal signal) {
        String base = settings.endpoint().toString();
        this.uri = URI.create((base.endsWith("/") ? base : base + "/") + signal.path());
        this.settings = settings;
        Executor executor = Thread::startVirtualThread;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(executor);
        if (settings.tls() != null) {
            builder.sslContext(settings.tls());
        }
        this.client = builder.build();
    }

    @Override
    public Reply send(byte[] message, Duration limit) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(limit)
                .header("Content-Type", "application/x-protobuf")
                .header("User-Agent", "sallyport");
        settings.headers().forEach(request::header);
        if (settings.gzip()) {
            request.header("Content-Encoding", "gzip");
        }
        byte[] body = settings.gzip() ? zipped(message) : message;
        CompletableFuture<Answer> call = client.sendAsync(
                        request.POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(HttpTransport::read, Thread::startVirtualThread);
        try {
            return reply(call.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            call.cancel(true);
            return new Reply.Later(null, "no whole answer within " + limit.toMillis() + " ms");
        } catch (InterruptedException e) {
            call.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            // the client's exceptions name at most the address; a header's value is in none of them
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            return new Reply.Later(null, Replies.shown(why));
        }
    }

    private static Reply reply(Answer answer) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return Replies.taken(answer.body());
        }
        String why = "answered " + status + " (expected: 200)";
        boolean later = status == TOO_MANY_REQUESTS || (status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT);
        return later
                ? new Reply.Later(Replies.retryAfter(answer.retryAfter(), Instant.now()), why)
                : new Reply.Refused(why);
    }

    private static Answer read(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(MOST_ANSWERED);
            String after = response.headers().firstValue("retry-after").orElse("");
            return new Answer(response.statusCode(), after, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] zipped(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length / 4 + 64);
        try (GZIPOutputStream zip = new Fast(out)) {
            zip.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// Spans and records are so alike that the least effort makes them small enough; the usual one costs
    /// several times the CPU.
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
