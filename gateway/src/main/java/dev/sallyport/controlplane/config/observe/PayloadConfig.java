package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.ByteSize;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.util.List;

/// Bodies in the access log.
@Doc(
        "Bodies of requests and responses of some routes, in their lines of the access log. JSON, forms and plain text are shown, redacted; of others type and size are told.")
public record PayloadConfig(
        @Doc("Names of routes.") List<String> routes,

        @Doc("How much of each body is kept.") @Default("4KiB") @Range(min = "64B", max = "256KiB")
        ByteSize max,

        @Doc("How much of all bodies together is kept at once, while requests go on and lines wait to be written.")
        @Default("16MiB")
        @Range(min = "64KiB", max = "1GiB")
        ByteSize memory) {
    public PayloadConfig {
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("routes: none (expected: at least one name)");
        }
    }
}
