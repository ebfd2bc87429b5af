package dev.sallyport.telemetry;

/// One request that a figure counts, and where to look at it: its trace.
///
/// @param value       what was measured of it, in the metric's unit
/// @param epochMillis when
public record Exemplar(long traceIdHigh, long traceIdLow, long spanId, double value, long epochMillis) {}
