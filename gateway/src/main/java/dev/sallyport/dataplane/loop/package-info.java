/// One event loop and what is kept per loop: its number, its deadlines, its scratch. Start with `Worker`.
@NullMarked
package dev.sallyport.dataplane.loop;

import org.jspecify.annotations.NullMarked;
