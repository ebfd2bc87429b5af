/// The gateway as a process of the operating system: its signals, and where it leaves word of itself for commands.
@NullMarked
package dev.sallyport.app.process;

import org.jspecify.annotations.NullMarked;
