/// Where refusals come from: the networks and callers that are refused most, counted in bounded memory.
///
/// `SourceCounts` takes note on event loops, in a table per loop that is exchanged now and then; `Sources` adds up the
/// tables off the loops and answers who did how much lately.
@NullMarked
package dev.sallyport.extension.observe.source;

import org.jspecify.annotations.NullMarked;
