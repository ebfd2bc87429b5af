/// Compiles limits: `LimitCompiler` makes what `limits` says into what event loops judge by, and what a route names
/// into
/// its policies. Counters go on where a limit counts by the same key as before.
@NullMarked
package dev.sallyport.controlplane.compile.limit;

import org.jspecify.annotations.NullMarked;
