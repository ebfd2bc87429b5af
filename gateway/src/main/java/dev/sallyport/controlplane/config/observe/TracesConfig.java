package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which traces are told, and to whom.
@Doc("Spans of requests, for a collector.")
public record TracesConfig(
        @Doc("The collector.") OtlpConfig otlp,

        @Doc(
                "The part of the traces that begin here that is told, `0%` for none of them. Where a trusted proxy has decided, its decision is followed.")
        @Default("5%")
        SampleRate sample,

        @Doc("Whether requests that fail, or are answered with 500 or more, are told though they are not sampled.")
        @Default("true")
        boolean errors,

        @Doc("Requests whose answer takes as long are told though they are not sampled. Left out: none are.")
        @Range(min = "1ms", max = "1h")
        @Nullable
        Duration slowerThan,

        @Doc("How many requests a second are told though they are not sampled, at most.")
        @Default("100")
        @Range(min = "1", max = "100000")
        int mostUnsampled,

        @Doc("Whether the trace that a client who is not trusted states is linked to; it is never gone on with.")
        @Default("false")
        boolean linkUntrusted) {}
