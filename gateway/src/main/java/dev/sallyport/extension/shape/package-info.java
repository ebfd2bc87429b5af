/// Policies that shape a request or answer it from configuration: `rewrite`, `redirect`, `respond`. What they
/// write is checked when the configuration is compiled, and what they build out of a request is checked again per
/// request.
@NullMarked
package dev.sallyport.extension.shape;

import org.jspecify.annotations.NullMarked;
