/// The way to an OpenTelemetry collector, for traces, logs and metrics alike (OTLP over HTTP or gRPC).
///
/// `Outflow` is where to start: who has something to tell offers it and goes on; a thread of its own makes batches,
/// and a
/// `Courier` hands them over, tries again when the collector asks for it, and gives up in the end. Nothing here runs
/// on event
/// loops, and nothing is contacted but what the configuration names. Classes of OpenTelemetry are loaded by the first
/// `Outflow` only.
@NullMarked
package dev.sallyport.extension.observe.otlp;

import org.jspecify.annotations.NullMarked;
