package dev.sallyport.extension.authz.opa;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authz.PolicyServer;
import dev.sallyport.extension.authz.Ruling;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A rule of an Open Policy Agent. A configuration which is only validated makes no HTTP client.
@OffLoop("virtual threads of the questions; what it makes of an exchange it leaves to OpaInput")
final class OpaServer implements PolicyServer {
    private static final int LARGEST = 64 * 1024;
    private static final String JSON = "application/json";

    private final URI url;
    private final OpaInput input;
    private final OpaResult result;
    private final @Nullable Secret token;
    private final Duration timeout;
    private final @Nullable SSLContext trust;
    private @Nullable Fetcher fetcher;
    private boolean closed;

    OpaServer(
            URI url,
            OpaInput input,
            OpaResult result,
            @Nullable Secret token,
            Duration timeout,
            @Nullable SSLContext trust) {
        this.url = url;
        this.input = input;
        this.result = result;
        this.token = token;
        this.timeout = timeout;
        this.trust = trust;
    }

    @Override
    public byte[] question(Exchange exchange) {
        return input.of(exchange);
    }

    /// There is nothing to be asked but decisions: whether the server is there the first of them finds out.
    @Override
    public void start() throws IOException {
        fetcher();
    }

    @Override
    public Ruling ask(byte[] question, Map<String, String> fields) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(fields);
        headers.put("Content-Type", JSON);
        headers.put("Accept", JSON);
        if (token != null) {
            headers.put("Authorization", "Bearer " + token.reveal());
        }
        Fetcher.Answer answer = fetcher().post(url, question, headers);
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + " (expected: 200)");
        }
        if (!isJson(answer.contentType())) {
            throw new IOException("an answer of another type (expected: " + JSON + ")");
        }
        return result.of(answer.body());
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT).equals(JSON);
    }

    private synchronized Fetcher fetcher() throws IOException {
        if (closed) {
            throw new IOException(url + ": no longer configured");
        }
        Fetcher made = fetcher;
        if (made == null) {
            made = new Fetcher(timeout, LARGEST, trust);
            fetcher = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (fetcher != null) {
            fetcher.close();
        }
    }
}
