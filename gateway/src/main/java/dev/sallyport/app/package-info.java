/// The process: command line, wiring by hand, and the catalogue of built-in extensions. The only package that sees
/// everything.
@NullMarked
package dev.sallyport.app;

import org.jspecify.annotations.NullMarked;
