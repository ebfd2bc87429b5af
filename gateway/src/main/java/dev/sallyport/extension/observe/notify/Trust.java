package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.remote.RemoteTls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Whom notifiers believe.
@OffLoop("control threads that compile configurations")
public final class Trust {
    private Trust() {}

    /// The authorities in `file`, in PEM; null for those of the Java runtime.
    ///
    /// @throws IOException it cannot be used
    public static @Nullable SSLContext of(@Nullable Path file, Instant now) throws IOException {
        if (file == null) {
            return null;
        }
        try {
            return RemoteTls.context(new RemoteTls(file, null), "trust", now);
        } catch (PluginException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
