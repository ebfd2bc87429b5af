/// What is done when there is more work than can be done: `LoadGate` bounds the requests that one upstream has at
/// once, by a limit that `Gradient` finds, shared out by `Shares`; `GatewayLoad` watches over the gateway itself. Who
/// goes first
/// is `Rank`'s matter. Nothing here waits: a request gets a place now or is refused before its body is read.
@NullMarked
package dev.sallyport.dataplane.overload;

import org.jspecify.annotations.NullMarked;
