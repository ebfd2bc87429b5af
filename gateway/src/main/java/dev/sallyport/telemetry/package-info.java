/// What the process says of itself: names of metrics (`Metrics`), log fields (`LogField`) and events (`Event`), in
/// one place each, and the plain means to state them. Known by all, knows only `api`; what collects and writes
/// requests is `extension.observe`.
@NullMarked
package dev.sallyport.telemetry;

import org.jspecify.annotations.NullMarked;
