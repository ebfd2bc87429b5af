/// The life of a request. Start with `ExchangeFlow`; nothing else moves an exchange from phase to phase.
@NullMarked
package dev.sallyport.dataplane.flow;

import org.jspecify.annotations.NullMarked;
