package dev.sallyport.controlplane.config.overload;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;

/// From when on the gateway itself has too much to do.
@Doc(
        "From when on the gateway itself has too much to do: it then refuses requests, the least important first, and closes "
                + "connections that nobody uses.")
public record OverloadConfig(
        @Doc("Requests served at once, over the whole gateway.") @Default("20000") @Range(min = "1", max = "10000000")
        int requests,

        @Doc("How late event loops are on average.") @Default("250ms") @Range(min = "20ms", max = "1m")
        Duration loopLag,

        @Doc("How full the heap is after it was cleaned, or direct memory.")
        @Default("90%")
        @Range(min = "10%", max = "100%")
        Percent memory) {}
