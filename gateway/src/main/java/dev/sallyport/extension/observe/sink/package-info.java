/// Where lines of a log go. Start with `LogSink`.
@NullMarked
package dev.sallyport.extension.observe.sink;

import org.jspecify.annotations.NullMarked;
