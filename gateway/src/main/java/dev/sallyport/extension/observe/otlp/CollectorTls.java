package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.remote.RemoteTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// How TLS with collectors is set up.
@OffLoop("control threads that put configurations into use")
public final class CollectorTls {
    private CollectorTls() {}

    /// What connections are set up by.
    ///
    /// @param trust the only authorities believed, null for those of the Java runtime
    /// @param chain with `key` what the gateway shows, null for nothing
    /// @return null for what the Java runtime does by itself
    /// @throws IOException a file cannot be used
    public static @Nullable SSLContext of(@Nullable Path trust, @Nullable Path chain, @Nullable Path key, Instant now)
            throws IOException {
        RemoteTls.KeyPair own = chain == null || key == null ? null : new RemoteTls.KeyPair(chain, key);
        if (trust == null && own == null) {
            return null;
        }
        try {
            return RemoteTls.context(new RemoteTls(trust, own), "otlp", now);
        } catch (PluginException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
