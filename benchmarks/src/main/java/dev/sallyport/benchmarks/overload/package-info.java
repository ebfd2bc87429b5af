/// What is left of a service that is asked for more than it can do, with and without protection: `Overload`.
@NullMarked
package dev.sallyport.benchmarks.overload;

import org.jspecify.annotations.NullMarked;
