/// What handles traffic, on event loops. Knows neither extensions nor the control plane, neither YAML nor files.
/// Start with `flow.ExchangeFlow`.
@NullMarked
package dev.sallyport.dataplane;

import org.jspecify.annotations.NullMarked;
