/// Traces of exchanges, for a collector: `Traces` is told of finished ones on event loops and keeps those that are
/// sampled or
/// went wrong; a thread of its own makes spans of them (`Spans`), which an `Outflow` hands over.
@NullMarked
package dev.sallyport.extension.observe.trace;

import org.jspecify.annotations.NullMarked;
