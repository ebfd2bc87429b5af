package dev.sallyport.extension.observe.trace;

import dev.sallyport.extension.observe.otlp.CollectorSettings;
import java.util.List;
import java.util.Map;

/// How traces are told.
///
/// @param trouble          what is told though it is not sampled
/// @param linkUntrusted    whether a trace that an untrusted client states is linked to
/// @param secretHeaders    headers whose values are never told, beside those that are secret anyway
/// @param secretParameters query parameters whose values are never told, beside those that are secret anyway
/// @param resource         what is said of this gateway beside name, version and instance
public record TraceSettings(
        CollectorSettings collector,
        Trouble trouble,
        boolean linkUntrusted,
        List<String> secretHeaders,
        List<String> secretParameters,
        Map<String, String> resource) {
    /// What is told though it is not sampled.
    ///
    /// @param errors    whether failures and answers from 500 on are
    /// @param slowNanos whether those are whose answer took as long; [Long#MAX_VALUE] for none
    /// @param perSecond at most so many a second
    public record Trouble(boolean errors, long slowNanos, int perSecond) {
        /// Nothing.
        public static final Trouble NONE = new Trouble(false, Long.MAX_VALUE, 0);
    }

    public TraceSettings {
        secretHeaders = List.copyOf(secretHeaders);
        secretParameters = List.copyOf(secretParameters);
        resource = Map.copyOf(resource);
    }
}
