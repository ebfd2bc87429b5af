package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.TraceContext;
import org.jspecify.annotations.Nullable;

/// A whole compiled configuration as the data plane uses it. Immutable; an exchange keeps the one it began with.
///
/// @param version    what `sallyport status` and logs call this configuration
/// @param routes     every route
/// @param serverName the pseudonym in `Via`, by which loops are detected (RFC 9110 §7.6.3)
/// @param screen     asked about every request before its route is looked for; null for nothing
/// @param sampling   which traces are told
public record GatewaySnapshot(
        String version,
        RouteTable routes,
        String serverName,
        @Nullable Policy screen,
        Sampling sampling) {
    /// One that asks nothing before routes and tells no traces.
    public GatewaySnapshot(String version, RouteTable routes, String serverName) {
        this(version, routes, serverName, null, Sampling.NONE);
    }

    /// Which traces are told: those that a trusted caller has decided to tell, and a part of those that begin
    /// here.
    ///
    /// A part is chosen by the lowest 56 bits of the trace id, as OpenTelemetry's consistent samplers do:
    /// whoever samples the
    /// same trace by a larger part tells it too.
    ///
    /// @param on        whether traces are told at all; a trusted caller's decision is passed on in any case
    /// @param all       whether exchanges that are not sampled are kept track of too: they may be told if they
    ///     go wrong
    /// @param threshold traces with a smaller number are not sampled; 2⁵⁶ for none at all
    public record Sampling(boolean on, boolean all, long threshold) {
        private static final long NUMBERS = 1L << 56;

        /// No traces are told.
        public static final Sampling NONE = new Sampling(false, false, NUMBERS);

        /// Samples `part` of the traces, from 0 to 1, and keeps track of the rest if `all`.
        public static Sampling of(double part, boolean all) {
            return new Sampling(true, all, Math.round((1 - part) * NUMBERS));
        }

        /// Whether a trace with this lower half of its id is sampled.
        public boolean samples(long traceIdLow) {
            return (traceIdLow & (NUMBERS - 1)) >= threshold;
        }

        /// Whether an exchange of `trace` is to be kept track of.
        public boolean follows(TraceContext trace) {
            return on && (all || trace.sampled());
        }
    }
}
