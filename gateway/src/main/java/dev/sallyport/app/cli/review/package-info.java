/// Commands that judge a configuration which nobody needs to run: who may do what, what changes, what is weak; and how
/// their reports are written.
@NullMarked
package dev.sallyport.app.cli.review;

import org.jspecify.annotations.NullMarked;
