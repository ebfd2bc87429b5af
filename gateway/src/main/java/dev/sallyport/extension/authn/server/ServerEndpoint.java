package dev.sallyport.extension.authn.server;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// One endpoint of an authorization server, asked as a client it knows. Blocks; safe for many at once.
///
/// The HTTP client is made with the first question, so that a configuration which is only validated makes none.
@OffLoop("virtual threads of the questions")
public final class ServerEndpoint implements AutoCloseable {
    private static final int LARGEST = 64 * 1024;

    private final URI endpoint;
    private final ClientProof client;
    private final Duration timeout;
    private final @Nullable SSLContext tls;
    private @Nullable Fetcher fetcher;
    private boolean closed;

    /// The endpoint that the configuration calls `endpoint`.
    ///
    /// @param timeout of a whole call
    /// @param tls     how connections are set up, or null as the Java runtime does it
    /// @throws PluginException it is no URL that may be asked
    public static ServerEndpoint of(String url, ClientProof client, Duration timeout, @Nullable SSLContext tls)
            throws PluginException {
        try {
            URI endpoint = new URI(url);
            String problem = Fetcher.problem(endpoint);
            if (problem != null) {
                throw new PluginException("endpoint", problem);
            }
            if (tls != null && !"https".equals(endpoint.getScheme())) {
                throw new PluginException("tls", "given for " + url + " (expected: an https URL)");
            }
            return new ServerEndpoint(endpoint, client, timeout, tls);
        } catch (URISyntaxException e) {
            throw new PluginException("endpoint", url + " (expected: an absolute https URL)");
        }
    }

    private ServerEndpoint(URI endpoint, ClientProof client, Duration timeout, @Nullable SSLContext tls) {
        this.endpoint = endpoint;
        this.client = client;
        this.timeout = timeout;
        this.tls = tls;
    }

    /// Sends a form, with what proves the gateway.
    ///
    /// @param accept the media types of answers that can be used
    /// @throws IOException no whole answer was to be had in time, or it is too large
    public Fetcher.Answer post(Map<String, String> form, String accept) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>(form);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", accept);
        client.prove(fields, headers);
        return fetcher().post(endpoint, fields, headers);
    }

    /// The keys that the gateway proves itself with.
    public List<KnownKey> knownKeys() {
        return client.knownKeys();
    }

    private synchronized Fetcher fetcher() throws IOException {
        if (closed) {
            throw new IOException(endpoint + ": no longer configured");
        }
        Fetcher made = fetcher;
        if (made == null) {
            made = new Fetcher(timeout, LARGEST, tls);
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
