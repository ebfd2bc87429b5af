/// `sallyport limits`: how callers stand with the limits of a running gateway, and what other limits would have
/// refused.
@NullMarked
package dev.sallyport.app.cli.limit;

import org.jspecify.annotations.NullMarked;
