/// Shared state kept in this process's memory: for a gateway alone.
@NullMarked
package dev.sallyport.extension.state;

import org.jspecify.annotations.NullMarked;
