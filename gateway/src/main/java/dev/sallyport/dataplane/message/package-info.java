/// A head on its way out, to a client or an upstream, whatever the protocol. Start with `OutgoingHead`.
@NullMarked
package dev.sallyport.dataplane.message;

import org.jspecify.annotations.NullMarked;
