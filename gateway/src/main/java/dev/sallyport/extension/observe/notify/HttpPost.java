package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Posts JSON to one address, whose path may be a secret and is never repeated.
@OffLoop("a virtual thread for each notifier")
final class HttpPost implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_ANSWERED = 64 * 1024;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;

    private final URI uri;
    private final Fetcher fetcher;

    /// @param trust whom to believe, null for the authorities of the Java runtime
    HttpPost(URI uri, @Nullable SSLContext trust) {
        String problem = Fetcher.problem(uri);
        if (problem != null) {
            throw new IllegalArgumentException("url (expected: an https URL; http only on a loopback address)");
        }
        this.uri = uri;
        this.fetcher = new Fetcher(TIMEOUT, MOST_ANSWERED, trust);
    }

    /// Host and port, all that may be shown of the address.
    String place() {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /// What is answered: the status.
    String send(byte[] json, Map<String, String> headers) throws NotDelivered {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Content-Type", "application/json");
        all.put("User-Agent", "Sallyport");
        int status;
        try {
            status = fetcher.post(uri, json, all).status();
        } catch (IOException e) {
            throw new NotDelivered(withoutAddress(e), false);
        }
        if (status >= 200 && status < 300) {
            return Integer.toString(status);
        }
        boolean lasting = status >= 300 && status < 500 && status != TOO_MANY_REQUESTS && status != REQUEST_TIMEOUT;
        throw new NotDelivered("answered " + status + " (expected: 200 to 299)", lasting);
    }

    private String withoutAddress(IOException e) {
        String message = String.valueOf(e.getMessage()).replace(uri.toString(), place());
        String path = uri.getRawPath();
        if (path != null && path.length() > 1) {
            message = message.replace(path, "/…");
        }
        return uri.getRawQuery() == null ? message : message.replace(uri.getRawQuery(), "…");
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
