/// What limits would have made of requests that are over: `Replay` takes the lines of an access log through the limits
/// of
/// a configuration, on the log's own time.
@NullMarked
package dev.sallyport.app.limit;

import org.jspecify.annotations.NullMarked;
