/// Counters in this process's memory, for `api.limit`. Begin with `MemoryCounters`; a `SlotTable` has one word for each
/// key, and a `MemoryLayer` says what the words mean: `RateLayer` (GCRA), `QuotaLayer` (calendar), `FlightLayer` (at
/// the
/// same time). No locks: what several loops count at once they agree on by compare-and-set.
@NullMarked
package dev.sallyport.extension.limit;

import org.jspecify.annotations.NullMarked;
