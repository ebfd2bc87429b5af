/// The gateway as a process of the operating system: its signals, which of its threads go first, and where it leaves
/// word of itself for commands.
@NullMarked
package dev.sallyport.app.process;

import org.jspecify.annotations.NullMarked;
