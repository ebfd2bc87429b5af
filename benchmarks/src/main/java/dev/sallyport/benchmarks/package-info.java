/// JMH benchmarks of single types. What belongs here is measured inside one JVM; whole gateways are compared in
/// `compare`.
@NullMarked
package dev.sallyport.benchmarks;

import org.jspecify.annotations.NullMarked;
