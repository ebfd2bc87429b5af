/// What limits that gateways share allow together, and whether anything is taken twice, while their store is well and
/// while it fails: `SharedLimits` starts one Redis and several gateways, each a process of its own.
@NullMarked
package dev.sallyport.benchmarks.shared;

import org.jspecify.annotations.NullMarked;
