/// What the console is told by a running gateway. Start with `SignalFigures`.
@NullMarked
package dev.sallyport.app.console;

import org.jspecify.annotations.NullMarked;
