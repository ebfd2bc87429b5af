/// How much callers may: the contract of counters that limits go by. Begin with `Counters`, which judges all layers of
/// a
/// request in one step; a `Charge` is such a request. Where counters live, in memory or in a shared store, is the
/// implementation's matter. A leaf: it knows neither exchanges nor configuration.
@NullMarked
package dev.sallyport.api.limit;

import org.jspecify.annotations.NullMarked;
