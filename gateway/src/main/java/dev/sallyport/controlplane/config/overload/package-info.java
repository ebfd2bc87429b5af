/// What is too much, as it is written: `ConcurrencyConfig` for an upstream, `OverloadConfig` for the gateway itself.
@NullMarked
package dev.sallyport.controlplane.config.overload;

import org.jspecify.annotations.NullMarked;
