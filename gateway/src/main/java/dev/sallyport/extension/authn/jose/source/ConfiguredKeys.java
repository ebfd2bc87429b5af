package dev.sallyport.extension.authn.jose.source;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.remote.Fetcher;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The keys that a configuration names: a JWK set in a file, at a URL, or where an issuer says it is.
@OffLoop("control threads that compile configurations")
public final class ConfiguredKeys {
    private final RemoteKeys.Settings settings;
    private final SignatureProvider provider;
    private final @Nullable SSLContext tls;
    private final PluginContext context;
    private final EventLog log;

    /// @param settings of what is fetched
    /// @param provider that verifies signatures
    /// @param tls      for what is fetched; null for that of the Java runtime
    public ConfiguredKeys(
            RemoteKeys.Settings settings,
            SignatureProvider provider,
            @Nullable SSLContext tls,
            PluginContext context,
            EventLog log) {
        this.settings = settings;
        this.provider = provider;
        this.tls = tls;
        this.context = context;
        this.log = log;
    }

    /// The keys in a file or at a URL.
    ///
    /// @param key of the configuration that says where
    public KeySource at(String key, UrlOrFile jwks) throws PluginException {
        URI url = jwks.url();
        if (url == null) {
            Path file = Objects.requireNonNull(jwks.file());
            return KeySource.fixed(in(key, file), file.toString());
        }
        check(key, url);
        return fetched(null, url);
    }

    /// The keys of `issuer`, found by discovery.
    ///
    /// @param key of the configuration that names it
    public KeySource of(String key, String issuer) throws PluginException {
        try {
            URI uri = URI.create(issuer);
            if (uri.getRawQuery() != null) {
                throw new PluginException(key, issuer + " (expected: no query)");
            }
            check(key, uri);
        } catch (IllegalArgumentException e) {
            throw new PluginException(key, issuer + " (expected: an https URL)");
        }
        return fetched(issuer, null);
    }

    private static void check(String key, URI url) throws PluginException {
        String problem = Fetcher.problem(url);
        if (problem != null) {
            throw new PluginException(key, problem);
        }
    }

    private KeySource fetched(@Nullable String issuer, @Nullable URI url) {
        return new RemoteKeys(
                new RemoteKeys.Owner(context.name(), String.valueOf(url == null ? issuer : url)),
                settings,
                () -> new KeySetFetch(issuer, url, new KeySetReader(provider), tls),
                context.services().blocking(),
                log);
    }

    private KeySet in(String key, Path file) throws PluginException {
        try {
            KeySetReader.Reading reading = new KeySetReader(provider).read(Files.readAllBytes(file));
            if (!reading.problems().isEmpty()) {
                throw new PluginException(key, file + ": " + reading.problems().getFirst());
            }
            if (reading.keys().isEmpty()) {
                throw new PluginException(key, file + ": no key (expected: at least one for verifying signatures)");
            }
            return reading.keys();
        } catch (IOException | KeySetReader.BadKeyException e) {
            throw new PluginException(key, file + ": " + e.getMessage());
        }
    }
}
