/// Ports: binding, accepting, choosing the protocol. Start with `Listener`.
@NullMarked
package dev.sallyport.dataplane.listen;

import org.jspecify.annotations.NullMarked;
