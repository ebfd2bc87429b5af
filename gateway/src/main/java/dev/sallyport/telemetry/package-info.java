/// Names of metrics and log fields, in one place. Known by all, knows only `api`.
@NullMarked
package dev.sallyport.telemetry;

import org.jspecify.annotations.NullMarked;
