package dev.sallyport.controlplane.console;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The golden signals, as the console draws them. Any thread that may block.
public interface Figures {
    /// How long a slice of the latest history is, and how often there is a new one, in milliseconds.
    int stepMillis();

    /// The latest slice of the whole gateway; null before there is one.
    @Nullable
    Slice whole();

    /// The latest slice of each route that had requests in it, by name.
    Map<String, Slice> routes();

    /// The latest slice of each upstream that was asked in it, by name.
    Map<String, Slice> upstreams();

    /// How full the gateway is.
    Saturation saturation();

    /// The last minutes of something, oldest first.
    ///
    /// @param kind `whole`, `route` or `upstream`
    /// @param name of the route or upstream, else empty
    List<Slice> history(String kind, String name);

    /// What happened in a stretch of time.
    ///
    /// @param at      when it ended
    /// @param seconds its length
    /// @param failed  of the requests, those that went wrong by the gateway's or an upstream's fault
    /// @param refused of the requests, those that were refused
    /// @param p50     milliseconds, NaN when nothing was served; so are the others
    record Slice(
            Instant at,
            double seconds,
            long requests,
            long failed,
            long refused,
            long bytesSent,
            double p50,
            double p90,
            double p99) {}

    /// How full the gateway is, each from 0 to 1; NaN where it is not known.
    ///
    /// @param inFlight    requests being served now, a number
    /// @param connections of clients, a number
    /// @param lagMillis   how late event loops are, milliseconds
    record Saturation(
            long inFlight,
            long connections,
            double lagMillis,
            double heap,
            double direct,
            double descriptors,
            double processor) {}
}
