/// The access log: `AccessLog` hands finished exchanges to its destinations, `LineEncoder` writes a line,
/// `RecentRefusals` makes lines of the latest that went wrong.
@NullMarked
package dev.sallyport.extension.observe.log;

import org.jspecify.annotations.NullMarked;
