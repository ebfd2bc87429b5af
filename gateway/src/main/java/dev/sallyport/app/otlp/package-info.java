/// What OpenTelemetry collectors are told, put together by hand: `Telling` follows the configuration.
@NullMarked
package dev.sallyport.app.otlp;

import org.jspecify.annotations.NullMarked;
