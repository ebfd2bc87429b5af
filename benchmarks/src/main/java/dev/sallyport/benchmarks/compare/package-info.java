/// The gateway beside its peers, as whole processes under the same load: start at [Comparison].
///
/// This package sees the JDK and `/proc` only, never the product's classes: Sallyport is a process like every
/// other peer.
@NullMarked
package dev.sallyport.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
