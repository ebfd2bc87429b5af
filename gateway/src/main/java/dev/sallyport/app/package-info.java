/// The process: everything put together by hand in `Gateway`, and the catalogue of built-in extensions; the
/// command line is
/// in `cli`. The only package that sees everything.
@NullMarked
package dev.sallyport.app;

import org.jspecify.annotations.NullMarked;
