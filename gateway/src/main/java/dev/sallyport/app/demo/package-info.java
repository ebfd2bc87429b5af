/// What `sallyport demo` shows: its configuration, and the small servers behind it.
@NullMarked
package dev.sallyport.app.demo;

import org.jspecify.annotations.NullMarked;
