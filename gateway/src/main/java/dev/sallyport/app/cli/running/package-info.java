/// Commands that ask a running gateway through its admin listener; `AdminOptions` finds it.
@NullMarked
package dev.sallyport.app.cli.running;

import org.jspecify.annotations.NullMarked;
