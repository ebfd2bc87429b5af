/// Sallyport, a zero-trust API gateway. Start with `app` for the process, `dataplane.flow` for the life of a
/// request.
@NullMarked
package dev.sallyport;

import org.jspecify.annotations.NullMarked;
