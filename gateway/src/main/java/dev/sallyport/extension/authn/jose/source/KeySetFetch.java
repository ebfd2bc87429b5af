package dev.sallyport.extension.authn.jose.source;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Fetches a JWK set from its URL, or from where the issuer says it is. Blocks; one call at a time.
@OffLoop("virtual threads of the key source")
public final class KeySetFetch implements AutoCloseable {
    private static final int LARGEST = 256 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long DISCOVER_AFTER_NANOS = Duration.ofHours(1).toNanos();

    private final @Nullable String issuer;
    private final KeySetReader reader;
    private final Fetcher fetcher;
    private @Nullable URI url;
    private long discoveredAt;

    /// @param issuer asked for the URL, when `url` is null
    public KeySetFetch(@Nullable String issuer, @Nullable URI url, KeySetReader reader, @Nullable SSLContext trust) {
        this.issuer = url == null ? issuer : null;
        this.url = url;
        this.reader = reader;
        this.fetcher = new Fetcher(TIMEOUT, LARGEST, trust);
    }

    /// The set as it is now, with at least one key that can be used.
    ///
    /// @throws IOException it could not be had
    public KeySetReader.Reading fetch() throws IOException {
        try {
            return read(location());
        } catch (IOException e) {
            if (issuer != null) {
                // it may have moved
                url = null;
            }
            throw e;
        }
    }

    private URI location() throws IOException {
        URI known = url;
        long now = System.nanoTime();
        if (known == null || (issuer != null && now - discoveredAt > DISCOVER_AFTER_NANOS)) {
            if (issuer == null) {
                throw new IOException("neither an issuer nor a URL");
            }
            known = IssuerMetadata.of(issuer, fetcher).url("jwks_uri");
            url = known;
            discoveredAt = now;
        }
        return known;
    }

    private KeySetReader.Reading read(URI location) throws IOException {
        Fetcher.Answer answer = fetcher.get(location, Map.of("Accept", "application/jwk-set+json, application/json"));
        if (answer.status() != 200) {
            throw new IOException(location + ": status " + answer.status() + " (expected: 200)");
        }
        try {
            KeySetReader.Reading reading = reader.read(answer.body());
            if (reading.keys().isEmpty()) {
                throw new IOException(location + ": no key that can verify signatures " + reading.problems());
            }
            return reading;
        } catch (KeySetReader.BadKeyException e) {
            throw new IOException(location + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
