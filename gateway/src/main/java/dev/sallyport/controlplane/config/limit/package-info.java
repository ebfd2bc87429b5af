/// How much callers may, as it is written: `LimitConfig` and the parts of it.
@NullMarked
package dev.sallyport.controlplane.config.limit;

import org.jspecify.annotations.NullMarked;
