package dev.sallyport.extension.observe.log;

import dev.sallyport.api.json.JsonPaths;
import java.util.List;

/// How an [AccessLog] writes.
///
/// @param format           whose names the fields have
/// @param headers          request headers to log, in the order to log them
/// @param responseHeaders  response headers to log, in the order to log them
/// @param secretHeaders    headers whose values are never logged, beside those that are secret anyway
/// @param secretParameters query parameters whose values are never logged, beside those that are secret anyway
/// @param secretPaths      places in JSON bodies that are never logged, beside those that are secret anyway
/// @param bodies           whether captured bodies are logged
/// @param capacity         how many finished requests per event loop may wait to be written; more are dropped and
/// counted
public record AccessLogSettings(
        Format format,
        List<String> headers,
        List<String> responseHeaders,
        List<String> secretHeaders,
        List<String> secretParameters,
        JsonPaths secretPaths,
        boolean bodies,
        int capacity) {
    /// Enough for a quarter of a second at 30,000 requests a second.
    public static final int CAPACITY = 8192;

    /// The format `otel` with nothing chosen or added.
    public static final AccessLogSettings DEFAULT =
            new AccessLogSettings(Format.OTEL, List.of(), List.of(), List.of(), CAPACITY);

    public AccessLogSettings {
        headers = List.copyOf(headers);
        responseHeaders = List.copyOf(responseHeaders);
        secretHeaders = List.copyOf(secretHeaders);
        secretParameters = List.copyOf(secretParameters);
    }

    /// Without response headers and bodies.
    public AccessLogSettings(
            Format format,
            List<String> headers,
            List<String> secretHeaders,
            List<String> secretParameters,
            int capacity) {
        this(format, headers, List.of(), secretHeaders, secretParameters, JsonPaths.NONE, false, capacity);
    }

    AccessLogSettings inOpenTelemetryNames() {
        return new AccessLogSettings(
                Format.OTEL, headers, responseHeaders, secretHeaders, secretParameters, secretPaths, bodies, capacity);
    }

    /// Whose names the fields of a line have.
    public enum Format {
        /// OpenTelemetry semantic conventions.
        OTEL,
        /// Elastic Common Schema.
        ECS
    }
}
