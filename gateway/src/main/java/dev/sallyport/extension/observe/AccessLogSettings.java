package dev.sallyport.extension.observe;

import java.util.List;

/// How an [AccessLog] writes.
///
/// @param format           whose names the fields have
/// @param headers          request headers to log, in the order to log them
/// @param secretHeaders    headers whose values are never logged, beside those that are secret anyway
/// @param secretParameters query parameters whose values are never logged, beside those that are secret anyway
/// @param capacity         how many finished requests per event loop may wait to be written; more are dropped and
/// counted
public record AccessLogSettings(
        Format format, List<String> headers, List<String> secretHeaders, List<String> secretParameters, int capacity) {
    /// Enough for a quarter of a second at 30,000 requests a second.
    public static final int CAPACITY = 8192;

    /// The format `otel` with nothing chosen or added.
    public static final AccessLogSettings DEFAULT =
            new AccessLogSettings(Format.OTEL, List.of(), List.of(), List.of(), CAPACITY);

    public AccessLogSettings {
        headers = List.copyOf(headers);
        secretHeaders = List.copyOf(secretHeaders);
        secretParameters = List.copyOf(secretParameters);
    }

    /// Whose names the fields of a line have.
    public enum Format {
        /// OpenTelemetry semantic conventions.
        OTEL,
        /// Elastic Common Schema.
        ECS
    }
}
