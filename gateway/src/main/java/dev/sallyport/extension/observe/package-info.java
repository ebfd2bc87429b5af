/// What is told about requests: the access log (`log.AccessLog`) and the figures (`RequestMetrics`, `Exposition`).
///
/// Both recorders take note on event loops in well under a microsecond and leave the rest to other threads. Names
/// of fields and metrics are not decided here but in `telemetry`.
@NullMarked
package dev.sallyport.extension.observe;

import org.jspecify.annotations.NullMarked;
