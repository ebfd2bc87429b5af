package dev.sallyport.controlplane.config;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the gateway learns which credentials no longer count.
@Doc(
        "Credentials that no longer count, though they have not expired. `sallyport revoke` works without this section too.")
public record RevocationConfig(
        @Doc("A file that lists them. It is looked at by itself, without a reload of the configuration.") @Nullable
        Path list,

        @Doc(
                "How often the list, and what other gateways were told, is looked at. Live responses are ended right after.")
        @Default("2s")
        @Range(min = "100ms", max = "1h")
        Duration checkEvery,

        @Doc(
                "How long what was last learnt goes on to count while the list cannot be read. After that, requests that need "
                        + "a caller are answered 503.")
        @Default("60s")
        @Range(min = "1s", max = "24h")
        Duration failClosedAfter) {
    public RevocationConfig {
        if (failClosedAfter.compareTo(checkEvery) <= 0) {
            throw new IllegalArgumentException("fail-closed-after: not longer than check-every (expected: longer)");
        }
    }
}
