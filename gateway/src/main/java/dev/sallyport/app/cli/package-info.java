/// The command line: `Main` and one class per command.
@NullMarked
package dev.sallyport.app.cli;

import org.jspecify.annotations.NullMarked;
