/// Bodies that are logged: `Captures` has those of chosen routes copied as they go by, `Capture` is what was copied of
/// one
/// exchange. What passes is neither held up nor changed.
@NullMarked
package dev.sallyport.extension.observe.payload;

import org.jspecify.annotations.NullMarked;
