/// Guards over every test: no buffer leaks, no event loop blocks. Start with `TestGuard`, which JUnit finds by
/// itself.
@NullMarked
package dev.sallyport.testing.guard;

import org.jspecify.annotations.NullMarked;
