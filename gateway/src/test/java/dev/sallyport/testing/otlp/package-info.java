/// A collector on the loopback that decodes what it is told.
@NullMarked
package dev.sallyport.testing.otlp;

import org.jspecify.annotations.NullMarked;
