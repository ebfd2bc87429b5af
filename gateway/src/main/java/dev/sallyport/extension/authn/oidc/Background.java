package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.oidc.provider.LoginFailure;
import dev.sallyport.extension.authn.oidc.provider.Provider;
import dev.sallyport.extension.authn.session.EndedSessions;
import dev.sallyport.remote.Fetcher;
import dev.sallyport.telemetry.MetricSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What lives as long as the authenticator, beside its requests.
@OffLoop("virtual threads")
final class Background {
    private final Services services;
    private final Provider provider;
    private final Fetcher fetcher;
    private final OidcKeys keys;
    private final EndedSessions ended;
    private final Counts counts;

    Background(
            Services services, Provider provider, Fetcher fetcher, OidcKeys keys, EndedSessions ended, Counts counts) {
        this.services = services;
        this.provider = provider;
        this.fetcher = fetcher;
        this.keys = keys;
        this.ended = ended;
        this.counts = counts;
    }

    /// The second of the epoch.
    long now() {
        return services.clock().millis() / 1000;
    }

    /// Reads the keys of sessions and asks the provider what it is.
    CompletionStage<?> start() {
        ended.start();
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        keys.ready();
                        provider.metadata();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (LoginFailure e) {
                        throw new IllegalStateException(e.getMessage(), e);
                    }
                },
                services.blocking());
    }

    /// Whether the session with this public id was ended.
    boolean ended(String publicId) {
        return ended.contains(publicId);
    }

    List<KnownKey> knownKeys() {
        return keys.knownKeys();
    }

    void collect(MetricSink sink) {
        counts.collect(sink);
        keys.verifying().collect(sink, counts.authenticator());
    }

    void close() {
        ended.close();
        fetcher.close();
    }
}
